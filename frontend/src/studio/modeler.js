/** The diagram editor, cut down to our dialect. */
import BpmnModeler from 'bpmn-js/lib/Modeler';
import {
  BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule,
} from 'bpmn-js-properties-panel';
import { ZeebeVariableResolverModule } from '@bpmn-io/variable-resolver';
import { CreateAppendAnythingModule } from 'bpmn-js-create-append-anything';
import behaviors from 'camunda-bpmn-js-behaviors/lib/camunda-cloud';
import zeebe from 'zeebe-bpmn-moddle/resources/zeebe.json';
import { translation } from '../diagram/translate.js';
import german from './de.json';
import reduce from './reduce.js';
import variables from './variables.js';

/** An editor in `canvas` with its properties in `panel`; `missed` hears of texts without German. */
export function createModeler({ canvas, panel, choices, missed }) {
  return new BpmnModeler({
    container: canvas,
    propertiesPanel: { parent: panel },
    moddleExtensions: { zeebe },
    additionalModules: [
      translation({ dictionary: german, missed }),
      { choices: [ 'value', choices ] },
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      ZeebeVariableResolverModule,
      CreateAppendAnythingModule,
      behaviors,
      variables,
      reduce,
    ],
  });
}
