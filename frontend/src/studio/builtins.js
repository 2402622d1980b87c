export const feelBuiltins = [];export const camundaExtensions=[];export const camundaBuiltins=[];export const camundaReservedNameBuiltins=[];
