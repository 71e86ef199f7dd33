import { FlagOutlined, HourglassOutlined } from '@ant-design/icons'
import { Button, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { OwnedScope } from '@/api/types'
import { ColleagueSelect } from '@/components/ColleagueSelect'
import { SearchBox } from '@/components/list/SearchBox'
import { BOARD_SORTS, type BoardSearch } from '@/lib/boardSearch'
import styles from './BoardTools.module.css'

interface Props {
  scopes: OwnedScope[]
  scope: OwnedScope
  search: BoardSearch
  onChange: (next: BoardSearch) => void
}

/** Above the board: how far to look, what to look for, in which order. */
export function BoardTools({ scopes, scope, search, onChange }: Props) {
  const { t } = useTranslation()
  const isFlagged = search.flagged === 'yes'
  const isLate = search.late === 'yes'
  return (
    <div className={styles.tools}>
      {scopes.length > 1 && (
        <Segmented<OwnedScope>
          aria-label={t('list.scope')}
          value={scope}
          onChange={(next) => onChange({ ...search, scope: next, owner: next === 'own' ? undefined : search.owner })}
          options={scopes.map((value) => ({ value, label: t(`scope.${value}`) }))}
        />
      )}
      <div className={styles.search}>
        <SearchBox
          value={search.q ?? ''}
          label={t('board.search')}
          placeholder={t('board.searchPlaceholder')}
          onSearch={(q) => onChange({ ...search, q: q || undefined })}
        />
      </div>
      {scope !== 'own' && (
        <div className={styles.owner}>
          <ColleagueSelect
            label={t('opportunity.fields.owner')}
            placeholder={t('opportunity.fields.owner')}
            value={search.owner ?? null}
            onChange={(owner) => onChange({ ...search, owner: owner ?? undefined })}
          />
        </div>
      )}
      <Button
        icon={<FlagOutlined aria-hidden />}
        aria-pressed={isFlagged}
        type={isFlagged ? 'primary' : 'default'}
        onClick={() => onChange({ ...search, flagged: isFlagged ? undefined : 'yes' })}
      >
        {t('board.onlyFlagged')}
      </Button>
      <Button
        icon={<HourglassOutlined aria-hidden />}
        aria-pressed={isLate}
        type={isLate ? 'primary' : 'default'}
        onClick={() => onChange({ ...search, late: isLate ? undefined : 'yes' })}
      >
        {t('board.onlyLate')}
      </Button>
      <Select
        aria-label={t('board.sort')}
        className={styles.sort ?? ''}
        value={search.sort ?? BOARD_SORTS[0]}
        onChange={(sort) => onChange({ ...search, sort })}
        options={BOARD_SORTS.map((value) => ({ value, label: t(`board.sorts.${value}`) }))}
      />
    </div>
  )
}
