// The operations that need no key. Adding one to the document is not enough: it must be added here, on purpose.
export const publicOperations = [
  'comparePublications', 'getAction', 'getArea', 'getBundle', 'getDatapoint', 'getDatapointColumns', 'getMeasure', 'getOrganisation', 'getOutcome',
  'getPlan', 'getPlanMeasure', 'getPriority', 'getPublication', 'getReport', 'getReturnSummary', 'getReturnTemplate', 'getReview', 'getScorecard',
  'getStatement', 'getTarget', 'getTree', 'getUpdate', 'listActions',
  'listAllTargets', 'listAreas', 'listDatapointHistory', 'listDatapoints', 'listMeasures', 'listOrganisations', 'listOutcomes',
  'listPlanMeasures', 'listPlans', 'listPriorities', 'listPublications', 'listReturns', 'listReviews', 'listSeries', 'listStatements', 'listTargets', 'listUpdates'
]
