/** The variables that every process of this installation knows, offered by the FEEL editor. */
import { VariableProvider } from '@bpmn-io/variable-resolver';
import { is } from 'bpmn-js/lib/util/ModelUtil';

class KnownVariables extends VariableProvider {
  constructor(variableResolver, choices) {
    super(variableResolver);
    this.known = choices.variables ?? [];
  }

  getVariables(element) {
    return is(element, 'bpmn:Process') ? this.known : [];
  }
}
KnownVariables.$inject = [ 'variableResolver', 'choices' ];

export default { __init__: [ 'knownVariables' ], knownVariables: [ 'type', KnownVariables ] };
