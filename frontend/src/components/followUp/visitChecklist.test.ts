import { expect, test } from 'vitest'
import cases from '../../../../tests/timeline/visits.json'
import { missingParts } from './visitChecklist'

test.each(cases)('the checklist says what the rule of the server says: %j', ({ visit, missing }) => {
  expect(missingParts(visit)).toEqual(missing)
})
