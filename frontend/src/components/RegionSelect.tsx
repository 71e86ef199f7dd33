import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { regionsQuery } from '@/api/people'
import { indentedOption, type RegionOption, regionOptions } from '@/lib/regionTree'

interface Props {
  value?: string | null
  onChange?: (id: string | null) => void
  id?: string
  label?: string
  placeholder?: string
}

/** One of the company's regions, shown as its tree. */
export function RegionSelect({ value, onChange, id, label, placeholder }: Props) {
  const regions = useQuery(regionsQuery)
  return (
    <Select<string, RegionOption>
      {...(id ? { id } : {})}
      aria-label={label}
      style={{ width: '100%' }}
      allowClear
      placeholder={placeholder}
      optionRender={indentedOption}
      loading={regions.isFetching}
      options={regionOptions(regions.data?.items ?? [])}
      value={value ?? undefined}
      onChange={(next?: string) => onChange?.(next ?? null)}
    />
  )
}
