import { Outlet, useLocation, useMatches } from '@tanstack/react-router'
import { type ReactNode, Suspense, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { CustomerSheetsHost } from '@/components/customer/CustomerSheets'
import { DocumentSheetsHost } from '@/components/document/DocumentSheets'
import { EmailSheetsHost } from '@/components/email/EmailSheets'
import { LeadSheetsHost } from '@/components/lead/LeadSheets'
import { OpportunitySheetsHost } from '@/components/opportunity/OpportunitySheets'
import { GlobalSearchHost } from '@/components/search/GlobalSearch'
import { useIsPhone } from '@/lib/media'
import { useSession } from '@/lib/session'
import { noteUse } from '@/lib/usage'
import { LiveProvider } from '../live/LiveProvider'
import { ConnectionBanner } from './ConnectionBanner'
import styles from './Shell.module.css'
import { SideBar } from './SideBar'
import { TabBar } from './TabBar'
import { UpdateNotice } from './UpdateNotice'

/** Screens of one record: their own bar stands where the tabs are. */
const RECORDS: string[] = [
  '/shell/leads/$leadId',
  '/shell/customers/$customerId',
  '/shell/opportunities/$opportunityId',
]

/** The frame of every screen behind the sign-in; shows the screen of the path where it is not told what. */
export function Shell({ children }: { children?: ReactNode }) {
  const { status } = useSession()
  return status === 'signed_in' ? <Frame>{children ?? <Outlet />}</Frame> : null
}

function Frame({ children }: { children: ReactNode }) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const isRecord = useMatches().some((match) => RECORDS.includes(match.routeId))
  useScreenUse()
  return (
    <LiveProvider>
      <DocumentSheetsHost>
        <EmailSheetsHost>
          <LeadSheetsHost>
            <GlobalSearchHost>
              <CustomerSheetsHost>
                <OpportunitySheetsHost>
                  <a className={styles.skip} href="#main">
                    {t('app.skip')}
                  </a>
                  <div className={styles.frame}>
                    {!isPhone && <SideBar />}
                    <div className={styles.column}>
                      <ConnectionBanner />
                      <main id="main" tabIndex={-1} className={`${styles.main} ${isRecord ? '' : styles.aboveTabs}`}>
                        <Suspense fallback={null}>{children}</Suspense>
                      </main>
                    </div>
                    {isPhone && !isRecord && <TabBar />}
                  </div>
                  <UpdateNotice />
                </OpportunitySheetsHost>
              </CustomerSheetsHost>
            </GlobalSearchHost>
          </LeadSheetsHost>
        </EmailSheetsHost>
      </DocumentSheetsHost>
    </LiveProvider>
  )
}

/** "/leads/0198…" counts as screen.leads.one, "/admin/people" as screen.admin.people. */
export function screenFeature(pathname: string): string {
  const [first = 'start', second] = pathname.split('/').filter(Boolean)
  if (!second) return `screen.${first}`
  return first === 'admin' ? `screen.admin.${second}` : `screen.${first}.one`
}

function useScreenUse(): void {
  const feature = useLocation({ select: (location) => screenFeature(location.pathname) })
  useEffect(() => noteUse(feature), [feature])
}
