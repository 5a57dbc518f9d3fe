/* The server prints UTC with the zone in words; the reader sees the own zone.
   Deadlines keep UTC beside it, because people in many zones talk about them. */
import { LOCALE } from "./locale.js";

const STYLES = {
  long: { dateStyle: "long", timeStyle: "short" },
  date: { dateStyle: "long" },
  short: { day: "numeric", month: "short" },
  deadline: { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZoneName: "short" },
};

function upgrade(element) {
  const moment = new Date(element.dateTime);
  if (Number.isNaN(moment.getTime())) return;
  const style = element.dataset.moment;
  const local = new Intl.DateTimeFormat(LOCALE, STYLES[style] ?? STYLES.long).format(moment);
  const printed = element.textContent;
  const isUtc = moment.getTimezoneOffset() === 0;
  delete element.dataset.moment;
  if (style === "deadline") {
    if (!isUtc) element.textContent = `${local} (${printed})`;
    return;
  }
  element.textContent = local;
  element.title = printed.includes("UTC") ? printed : `${printed} UTC`;
}

export function watchTimes(root) {
  root.querySelectorAll("time[data-moment]").forEach(upgrade);
}
