/* The drop zone and its button: both hand over a list of files. */
export function watchDrop(drop, input, take) {
  const takeChosen = () => {
    const files = [...input.files];
    // Emptied, so that the same file can be chosen again and is not posted twice by the plain form.
    input.value = "";
    if (files.length) take(files);
  };
  input.addEventListener("change", takeChosen);
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
  // On a slow line a file can be chosen before this script has come.
  takeChosen();
}
