/** The words of the diagram tools in the language of the page. */
import community from 'bpmn-js-i18n/translations/de.js';

/**
 * A module that gives a diagram its language.
 *
 * German pages get `dictionary` first, then the community's translation. A text that neither knows
 * stays English and is passed to `missed`.
 */
export function translation({ dictionary = {}, missed = () => {} } = {}) {
  const isGerman = document.documentElement.lang.startsWith('de');
  const german = (text) => {
    const translated = dictionary[text] ?? community[text];
    if (translated === undefined) missed(text);
    return translated ?? text;
  };
  const translate = (text, values = {}) =>
    (isGerman ? german(text) : text).replace(/{([^}]+)}/g, (gap, name) => values[name] ?? gap);
  return { translate: [ 'value', translate ] };
}
