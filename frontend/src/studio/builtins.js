/**
 * The functions that the FEEL editor offers, in place of those the properties panel brings.
 *
 * Standard FEEL and our host's functions; the extensions of another engine are not among them.
 */
import { feelBuiltins as standard } from '../../node_modules/@camunda/feel-builtins/dist/index.js';
import { hostFunctions } from './functions.js';

/** What our interpreter does not know. */
const UNKNOWN = new Set([ 'from json', 'to json' ]);

export const feelBuiltins = [ ...standard.filter(({ name }) => !UNKNOWN.has(name)), ...hostFunctions ];
export const camundaBuiltins = feelBuiltins;
export const camundaExtensions = [];
export { camundaReservedNameBuiltins } from '../../node_modules/@camunda/feel-builtins/dist/index.js';
