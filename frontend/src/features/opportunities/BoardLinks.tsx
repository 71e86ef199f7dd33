import { BarChartOutlined, UnorderedListOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import type { OwnedScope } from '@/api/types'
import { LinkButton } from '@/components/LinkButton'
import { useIsPhone } from '@/lib/media'

/** From the board to the same deals as a list and as figures. */
export function BoardLinks({ scope }: { scope: OwnedScope | undefined }) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  return (
    <>
      <LinkButton
        to="/opportunities"
        search={{ scope }}
        icon={<UnorderedListOutlined aria-hidden />}
        aria-label={t('deals.title')}
      >
        {isPhone ? null : t('deals.title')}
      </LinkButton>
      <LinkButton
        to="/dashboard"
        search={{ scope }}
        icon={<BarChartOutlined aria-hidden />}
        aria-label={t('dashboard.title')}
      >
        {isPhone ? null : t('dashboard.title')}
      </LinkButton>
    </>
  )
}
