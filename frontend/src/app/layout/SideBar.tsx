import { SearchOutlined } from '@ant-design/icons'
import { Link, useLocation } from '@tanstack/react-router'
import { Fragment, type RefObject, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { CountBadge } from '@/components/CountBadge'
import { Logo } from '@/components/Logo'
import { adminFor, mainFor, type NavItem, sideToolsFor } from '@/components/nav'
import { useGlobalSearch } from '@/components/search/GlobalSearch'
import { useMe } from '@/lib/session'
import styles from './SideBar.module.css'
import { UserMenu } from './UserMenu'

export function SideBar() {
  const { t } = useTranslation()
  const me = useMe()
  const groups = [
    { name: 'tools', items: sideToolsFor(me) },
    { name: 'admin', items: adminFor(me) },
  ] as const
  const nav = useRef<HTMLElement>(null)
  useCurrentInView(nav)
  return (
    <aside className={styles.bar}>
      <Link to="/today" className={styles.brand}>
        <Logo size={36} />
        <span className={styles.name}>{t('app.name')}</span>
      </Link>
      <SearchButton />
      <nav ref={nav} aria-label={t('nav.main')} className={styles.nav}>
        <Items items={mainFor(me)} />
        {groups.map(
          ({ name, items }) =>
            items.length > 0 && (
              <Fragment key={name}>
                <h2 className={styles.group}>{t(`nav.${name}`)}</h2>
                <Items items={items} />
              </Fragment>
            ),
        )}
      </nav>
      <UserMenu />
    </aside>
  )
}

/** However one came to a screen, its entry is to be seen. */
function useCurrentInView(nav: RefObject<HTMLElement | null>): void {
  const path = useLocation({ select: (location) => location.pathname })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path decides which entry is the current one
  useEffect(() => nav.current?.querySelector('[aria-current=page]')?.scrollIntoView({ block: 'nearest' }), [path])
}

function SearchButton() {
  const { t } = useTranslation()
  const open = useGlobalSearch()
  return (
    <button type="button" className={styles.search} onClick={() => open?.()} title={t('search.title')}>
      <SearchOutlined aria-hidden className={styles.icon} />
      <span className={styles.label}>{t('search.title')}</span>
      <kbd className={styles.key} aria-hidden>
        Ctrl K
      </kbd>
    </button>
  )
}

function Items({ items }: { items: NavItem[] }) {
  const { t } = useTranslation()
  return (
    <ul>
      {items.map((item) => (
        <li key={item.to}>
          <Link
            to={item.to}
            className={styles.item}
            activeProps={{ className: styles.active }}
            title={t(`nav.${item.label}`)}
          >
            <span className={styles.icon} aria-hidden>
              {item.icon}
            </span>
            <span className={styles.label}>{t(`nav.${item.label}`)}</span>
            {item.count && <CountBadge count={item.count} className={styles.badge} />}
          </Link>
        </li>
      ))}
    </ul>
  )
}
