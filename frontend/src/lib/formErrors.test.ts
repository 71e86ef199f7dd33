import { expect, test } from 'vitest'
import { ApiProblem } from '@/api/problem'
import { fieldPath, mapErrors } from './formErrors'

test.each([
  ['#/company', ['company']],
  ['/areas/0/city', ['areas', 0, 'city']],
  ['/body/phone', ['phone']],
  ['#/custom/a~1b~0c', ['custom', 'a/b~c']],
])('%s', (pointer, path) => {
  expect(fieldPath(pointer)).toEqual(path)
})

test('errors go to their fields; what no field can show is kept apart', () => {
  const error = new ApiProblem(422, {
    errors: [
      { pointer: '#/phone', code: 'not_a_phone', detail: '' },
      { pointer: '#/phone', code: 'too_long', detail: '' },
      { pointer: '#/areas/1/city', code: 'taken', detail: '' },
      { pointer: 'header/Idempotency-Key', code: 'key_reused', detail: '' },
    ],
  })
  expect(mapErrors(error, ['phone', 'areas'], (code) => code)).toEqual({
    fields: [
      { name: ['phone'], errors: ['not_a_phone', 'too_long'] },
      { name: ['areas', 1, 'city'], errors: ['taken'] },
    ],
    others: ['key_reused'],
  })
})

test('anything else maps to nothing', () => {
  expect(mapErrors(new Error('x'), ['phone'], (code) => code)).toEqual({ fields: [], others: [] })
})
