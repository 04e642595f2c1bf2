// What people and programs read of the sample plans, all day long.

export const plan = 'nottingham-cypp-2016-20'
export const partner = 'nottingham-city-ccg'

/** By what it is called in tables of results. */
export const reads = {
  'page of figures': `/v1/datapoints?plan=${plan}&limit=100`,
  'page of history': '/v1/datapoints/history?limit=100',
  'list of measures': '/v1/measures?limit=100',
  scorecard: `/v1/plans/${plan}/scorecard`,
  tree: `/v1/plans/${plan}/tree`,
  bundle: `/v1/plans/${plan}/bundle`,
  'returns that are due': `/v1/returns?organisation=${partner}`,
  'summary of returns': '/v1/returns/summary',
  'return template': `/v1/organisations/${partner}/return-template?period=2018/19`,
  'figures as CSV': `/v1/datapoints?plan=${plan}&format=csv`,
  'figures as a workbook': `/v1/datapoints?plan=${plan}&format=xlsx`,
  'plan as a workbook': `/v1/plans/${plan}/report?format=xlsx`,
  'page of OData': '/odata/v1/Datapoints?$top=200&$count=true',
  'OData, filtered': "/odata/v1/Datapoints?$filter=area eq 'E06000018' and period_kind eq 'financial_year'&$select=measure,period,value&$orderby=period_end desc".replaceAll(' ', '%20'),
  'scorecard as OData': `/odata/v1/ScorecardLines?$filter=plan%20eq%20'${plan}'`,
  'OData metadata': '/odata/v1/$metadata',
  'page of the plan': `/v1/plans/${plan}/report`,
  'first page': '/',
  'page of a guide': '/docs/deliveries'
}
