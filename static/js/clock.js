/* Places in time-based media, as digits and as words. */
import { LOCALE } from "./locale.js";

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const pad = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

/* "1 minute 19 seconds" in the page's language by Intl; the translated sentences are the fallback. */
export function spoken(seconds, texts) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const parts = [[Math.floor(whole / 60), "minute", texts.minutes], [whole % 60, "second", texts.seconds]];
  return parts
    .filter(([number, unit]) => number || unit === "second")
    .map(([number, unit, text]) => {
      try {
        const style = { style: "unit", unit, unitDisplay: "long" };
        return new Intl.NumberFormat(LOCALE, style).format(number);
      } catch {
        return text.replace("{n}", number);
      }
    })
    .join(" ");
}
