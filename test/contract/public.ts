// The operations that need no key. Adding one to the document is not enough: it must be added here, on purpose.
export const publicOperations = [
  'getAction', 'getArea', 'getBundle', 'getDatapoint', 'getMeasure', 'getOrganisation', 'getOutcome', 'getPlan',
  'getPlanMeasure', 'getPriority', 'getTree', 'listActions', 'listAreas', 'listDatapointHistory', 'listDatapoints',
  'listMeasures', 'listOrganisations', 'listOutcomes', 'listPlanMeasures', 'listPlans', 'listPriorities', 'listSeries'
]
