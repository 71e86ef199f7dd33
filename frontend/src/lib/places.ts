/** Provinces in the short form that regions use. */
export const PROVINCES = [
  '北京',
  '天津',
  '上海',
  '重庆',
  '河北',
  '山西',
  '内蒙古',
  '辽宁',
  '吉林',
  '黑龙江',
  '江苏',
  '浙江',
  '安徽',
  '福建',
  '江西',
  '山东',
  '河南',
  '湖北',
  '湖南',
  '广东',
  '广西',
  '海南',
  '四川',
  '贵州',
  '云南',
  '西藏',
  '陕西',
  '甘肃',
  '青海',
  '宁夏',
  '新疆',
  '香港',
  '澳门',
  '台湾',
] as const

const MUNICIPALITIES = new Set(['北京', '天津', '上海', '重庆'])

/** "江苏 苏州"; a municipality is named once. */
export function placeName(province: string | null | undefined, city: string | null | undefined): string {
  if (province && city && (MUNICIPALITIES.has(province) || province === city)) return province
  return [province, city].filter(Boolean).join(' ')
}

export interface AreaRow {
  province: string
  cities: string[]
}

interface Area {
  province: string
  city?: string | null
}

/** One row a province: no cities means all of it. */
export function areasToRows(areas: Area[]): AreaRow[] {
  const rows = new Map<string, string[]>()
  for (const { province, city } of areas) {
    const cities = rows.get(province) ?? []
    if (city) cities.push(city)
    rows.set(province, cities)
  }
  return [...rows].map(([province, cities]) => ({ province, cities }))
}

export function rowsToAreas(rows: AreaRow[]): { province: string; city: string | null }[] {
  const citiesOf = ({ cities }: AreaRow): (string | null)[] => (cities.length > 0 ? cities : [null])
  return rows.flatMap((row) => citiesOf(row).map((city) => ({ province: row.province, city })))
}
