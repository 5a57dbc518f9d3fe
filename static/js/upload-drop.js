/* The drop zone and its button: both hand over a list of files. */
export function watchDrop(drop, input, take) {
  input.addEventListener("change", () => {
    const files = [...input.files];
    // Emptied, so that the same file can be chosen again and is not posted twice by the plain form.
    input.value = "";
    take(files);
  });
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    take([...event.dataTransfer.files]);
  });
}
