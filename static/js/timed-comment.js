/* The composer under a player: typing pauses playback and pins the comment to that moment.
   Pins and the moments in comments move the player. */
import { clock } from "./clock.js";

export function attach(form) {
  const player = document.querySelector("[data-player='audio'], [data-player='video']");
  if (!player) return;
  const media = player.querySelector("audio, video");
  const field = form.querySelector("[name='at_ms']");
  const box = form.querySelector("[data-pin]");
  const tick = box.querySelector("input");
  const words = form.querySelector("[data-pin-clock]");
  const text = form.querySelector("textarea");
  let moment = field.value === "" ? null : Number(field.value);

  function show() {
    box.hidden = moment === null;
    words.textContent = clock((moment ?? 0) / 1000);
    field.value = tick.checked && moment !== null ? moment : "";
  }

  function pin(ms) {
    moment = ms;
    tick.checked = true;
    show();
  }

  tick.checked = moment !== null;
  tick.addEventListener("change", show);
  text.addEventListener("input", () => {
    if (moment !== null || media.currentTime === 0) return;
    media.pause();
    pin(Math.round(media.currentTime * 1000));
  });
  document.addEventListener("house:comment", (event) => {
    pin(event.detail.ms);
    text.focus();
  });
  show();
}
