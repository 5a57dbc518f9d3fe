/* The page's language for Intl. Plain "en" would mean American order; the site writes 19 November 2026. */
const language = document.documentElement.lang;

export const LOCALE = language === "en" ? "en-GB" : language || undefined;
