/** What the enhancements say. The language is that of the page. */
const SENTENCES = {
  de: {
    search: 'Suchen',
    found: 'Treffer: {count}',
    draftSaving: 'Entwurf wird gespeichert …',
    draftSaved: 'Entwurf gespeichert um {time} Uhr.',
    draftLater: 'Entwurf noch nicht gespeichert. Neuer Versuch, sobald die Verbindung wieder steht.',
    draftSignedOut:
      'Ihre Sitzung ist abgelaufen. Ihre Eingaben stehen noch auf dieser Seite. '
      + 'Melden Sie sich in einem zweiten Fenster an, danach wird weiter gespeichert.',
  },
  en: {
    search: 'Search',
    found: 'Found: {count}',
    draftSaving: 'Saving draft …',
    draftSaved: 'Draft saved at {time}.',
    draftLater: 'Draft not saved yet. Trying again when the connection is back.',
    draftSignedOut:
      'Your session has ended. What you entered is still on this page. '
      + 'Sign in in a second window, then saving goes on.',
  },
};

/** The sentence `key` in the language of the page, with {names} filled in. */
export function say(key, values = {}) {
  const language = document.documentElement.lang.startsWith('en') ? 'en' : 'de';
  return SENTENCES[language][key].replace(/{(\w+)}/g, (_, name) => values[name]);
}

/** The time of day as the language of the page writes it. */
export function timeOfDay(date) {
  const language = document.documentElement.lang || 'de';
  return date.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' });
}
