// What is mutated, and which tests must notice. The quick ones come first: a run ends at the first failure.
export const areas = {
  periods: {
    mutate: ['src/periods/*.ts'],
    tests: ['periods/codes', 'periods/calendar', 'periods/spellings', 'periods/refusals', 'periods/order', 'periods/due']
  },
  statistics: {
    mutate: ['src/statistics/*.ts'],
    tests: ['pure/rag', 'pure/intervals', 'pure/distributions', 'pure/trend', 'pure/recent_trend']
  },
  disclosure: {
    mutate: ['src/statistics/disclosure/*.ts'],
    tests: ['disclosure/figures', 'disclosure/attack', 'disclosure/families']
  },
  filter: {
    mutate: ['src/feeds/odata/filter/*.ts'],
    tests: ['odata/words', 'odata/trees', 'odata/conditions']
  }
}
