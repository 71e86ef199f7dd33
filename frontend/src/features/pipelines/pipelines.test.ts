import { beforeAll, expect, test } from 'vitest'
import type { PlannedMilestone, StageContent } from '@/api/types'
import { i18next, startI18n, switchLanguage } from '@/i18n/i18n'
import { countOf, differences, type Words } from './differences'
import {
  carrying,
  freeKey,
  type PipelineDocument,
  percentOf,
  rateOf,
  reordered,
  swapped,
  withNewStage,
} from './document'
import { firstFaulty } from './faults'

const stage = (key: string, more: Partial<StageContent> = {}): StageContent => ({
  key,
  name_zh: key,
  name_en: key,
  kind: 'open',
  phase: 'needs',
  baseline_rate: '0.6000',
  dwell_min_days: 3,
  dwell_max_days: 7,
  may_be_skipped: false,
  may_be_returned_to: true,
  next_step: null,
  entry: [],
  exit: [],
  milestones: [],
  is_active: true,
  ...more,
})
const closed = stage('closed', { kind: 'closed', baseline_rate: null, dwell_min_days: null, dwell_max_days: null })
const doc = (...stages: StageContent[]): PipelineDocument => ({
  name_zh: '标准',
  name_en: 'Standard',
  stages: [...stages, closed],
})
const keys = (stages: readonly StageContent[]): string[] => stages.map(({ key }) => key)

beforeAll(async () => {
  await startI18n()
  await switchLanguage('zh-CN')
})

const words: Words = {
  t: i18next.t,
  language: 'zh-CN',
  documentName: (key) => (key === 'drawing' ? '图纸' : key),
}

const said = (before: PipelineDocument, after: PipelineDocument): string[] =>
  differences(words, before, after).flatMap(({ title, lines }) => [title, ...lines])

test('a further stage gets a key of its own and stands before what is closed', () => {
  const made = withNewStage(doc(stage('a'), stage('stage_3')).stages, 'open', { name_zh: '', name_en: '' })
  expect(keys(made)).toEqual(['a', 'stage_3', 'stage_4', 'closed'])
  expect(freeKey(made)).toBe('stage_5')
  expect(keys(withNewStage(made, 'delivery', { name_zh: '', name_en: '' })).at(-1)).toBe('delivery')
})

test('open stages change places among themselves alone', () => {
  const { stages } = doc(stage('a'), stage('b'), stage('c'))
  expect(keys(reordered(stages, 2, 0))).toEqual(['c', 'a', 'b', 'closed'])
  expect(keys(reordered(stages, 0, 3))).toEqual(['a', 'b', 'c', 'closed'])
})

test('an older version brings along the stages that came since, out of use', () => {
  const older = doc(stage('a'))
  const newer = doc(stage('a'), stage('b'))
  newer.stages.push(stage('delivery', { kind: 'delivery' }))
  const taken = carrying(older, newer)
  expect(taken.stages.map(({ key, is_active }) => [key, is_active])).toEqual([
    ['a', true],
    ['b', false],
    ['closed', true],
    ['delivery', true],
  ])
  expect(carrying(newer, older)).toEqual(newer)
})

test('rates are percents without rounding errors', () => {
  for (const rate of ['0.6000', '1.0000', '0.0001', '0.3333', '0.0700']) expect(rateOf(percentOf(rate))).toBe(rate)
  expect(percentOf('0.65')).toBe(65)
  expect(rateOf(null)).toBeNull()
})

test('two versions differ in sentences, stage by stage', () => {
  const before = doc(stage('调研'), stage('方案', { exit: [{ kind: 'contact_known', role: 'decider' }] }))
  const after = doc(
    stage('方案', {
      baseline_rate: '0.6550',
      dwell_min_days: null,
      next_step: { title: '出方案', within_working_days: 2 },
      exit: [
        {
          kind: 'any_of',
          conditions: [
            { kind: 'amount_at_least', amount: '5000.00' },
            { kind: 'field_present', field: 'need' },
          ],
        },
      ],
    }),
    stage('调研', { is_active: false }),
    stage('新', { dwell_min_days: null, dwell_max_days: null }),
  )
  expect(said(before, after)).toEqual([
    '整个流程',
    '阶段顺序：方案 → 调研 → 新',
    '方案',
    '基准转化率：60% → 65.5%',
    '标准停留：3–7 天 → 7 天以内',
    '下一步：不设 → 出方案（2 个工作日内）',
    '离开条件增加：任一项：预计金额至少 ¥5,000 / 填写需求',
    '离开条件取消：添加联系人：决策人',
    '调研',
    '停用',
    '新增阶段“新”',
    '所属环节：需求确认',
    '基准转化率：60%',
  ])
  expect(countOf(differences(words, before, after))).toBe(9)
  expect(said(after, after)).toEqual([])
  expect(said(doc(stage('a'), stage('b')), doc(stage('a')))).toEqual(['没有阶段“b”'])
})

test('milestones are told by their titles, documents by their names', () => {
  const due = (title: string, within_working_days: number) => ({ title, within_working_days })
  const delivery = (...milestones: PlannedMilestone[]) =>
    doc(stage('a', { exit: [{ kind: 'document_attached', document: 'drawing' }] }), stage('交付', { milestones }))
  const before = delivery(due('首件', 15), due('量产', 30), due('发货', 33))
  const after = delivery(due('发货', 33), due('首件', 20), due('报关', 35))
  expect(said(before, after)).toEqual([
    '交付',
    '交付节点增加：报关（35 个工作日内）',
    '交付节点取消：量产（30 个工作日内）',
    '交付节点“首件”：15 → 20 个工作日',
    '交付节点顺序：发货 → 首件',
  ])
  expect(said(before, before)).toEqual([])
  expect(said(doc(), before)).toEqual([
    '新增阶段“a”',
    '所属环节：需求确认',
    '基准转化率：60%',
    '标准停留：3–7 天',
    '离开条件增加：上传图纸',
    '新增阶段“交付”',
    '所属环节：需求确认',
    '基准转化率：60%',
    '标准停留：3–7 天',
    '交付节点增加：首件（15 个工作日内）',
    '交付节点增加：量产（30 个工作日内）',
    '交付节点增加：发货（33 个工作日内）',
  ])
})

test('two milestones change places', () => {
  expect(swapped(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'c', 'b'])
})

test('the first stage that is refused is known by its place', () => {
  expect(firstFaulty({ 'stages/7/name_zh': 'x', 'stages/2/exit/0/amount': 'y' })).toBe(2)
  expect(firstFaulty({ stages: 'x', name_zh: 'y' })).toBe(-1)
})
