/* The number of words in a text, by the rules of its language where the browser knows them. */
import { LOCALE } from "./locale.js";

const PAUSE_MS = 300;

function count(text) {
  if (!("Segmenter" in Intl)) return text.split(/\s+/u).filter(Boolean).length;
  const segmenter = new Intl.Segmenter(LOCALE, { granularity: "word" });
  let words = 0;
  for (const part of segmenter.segment(text)) if (part.isWordLike) words += 1;
  return words;
}

export function attach(element) {
  const field = document.querySelector(element.dataset.wordCount);
  if (!field) return;
  let timer = 0;
  function show() {
    const number = count(field.value);
    const text = number === 1 ? element.dataset.one : element.dataset.many;
    element.textContent = (text ?? "{n}").replace("{n}", number.toLocaleString(LOCALE));
  }
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE_MS);
  });
  show();
}
