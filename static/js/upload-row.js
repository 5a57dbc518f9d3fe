/* One row of the tray: what is going on with one file, in words and as a bar. */
import { LOCALE } from "./locale.js";
import { keyOf } from "./upload-keep.js";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

export function size(bytes) {
  const step = bytes > 0 ? Math.min(Math.floor(Math.log(bytes) / Math.log(1000)), UNITS.length - 1) : 0;
  const style = { style: "unit", unit: UNITS[step], unitDisplay: step ? "short" : "long", maximumFractionDigits: step > 1 ? 1 : 0 };
  return new Intl.NumberFormat(LOCALE, style).format(bytes / 1000 ** step);
}

function left(texts, seconds) {
  if (!Number.isFinite(seconds)) return "";
  if (seconds < 45) return texts.secondsLeft;
  return texts.minutesLeft.replace("{n}", Math.max(1, Math.round(seconds / 60)));
}

export class Row {
  constructor(template, file) {
    this.texts = template.dataset;
    this.element = template.content.firstElementChild.cloneNode(true);
    this.element.dataset.key = keyOf(file);
    this.bar = this.element.querySelector("progress");
    this.meta = this.element.querySelector(".meta");
    this.retry = this.element.querySelector("[data-retry]");
    this.remove = this.element.querySelector("[data-remove]");
    this.mark = this.element.querySelector(".join");
    this.element.querySelector(".name").textContent = file.name;
    this.bar.setAttribute("aria-label", file.name);
    this.remove.setAttribute("aria-label", `${this.remove.textContent} ${file.name}`);
    this.retry.setAttribute("aria-label", `${this.retry.textContent} ${file.name}`);
    this.wait(file);
  }

  say(text, bad = false) {
    this.element.classList.toggle("bad", bad);
    if (this.meta.textContent !== text) this.meta.textContent = text;
  }

  wait(file) {
    this.say(this.texts.waiting.replace("{all}", size(file.size)));
  }

  move(done, all, began, from) {
    const percent = all ? Math.floor((done / all) * 100) : 0;
    const speed = (done - from) / ((performance.now() - began) / 1000);
    this.retry.hidden = true;
    this.bar.value = percent;
    this.mark?.style.setProperty("--w", percent);
    this.say(
      this.texts.moving
        .replace("{percent}", percent)
        .replace("{done}", size(done))
        .replace("{all}", size(all))
        .replace("{left}", done > from ? left(this.texts, (all - done) / speed) : ""),
    );
  }

  fail(reason, again) {
    this.retry.hidden = !again;
    this.say(reason || this.texts.failed, true);
  }

  arrive() {
    this.bar.removeAttribute("value");
    this.remove.hidden = true;
    this.say(this.texts.arrived);
  }
}
