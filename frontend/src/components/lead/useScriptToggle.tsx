import { DownOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type ReactNode, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Script } from '@/api/types'
import { ScriptPanel } from './ScriptPanel'

interface Toggled {
  button: ReactNode
  panel: ReactNode
}

/** A button that shows and hides a script, and the place where it shows; both null where there is none. */
export function useScriptToggle(script: Script | null, buttonClass = '', panelClass = ''): Toggled {
  const { t } = useTranslation()
  const [shows, setShows] = useState(false)
  const id = useId()
  if (!script) return { button: null, panel: null }
  const button = (
    <Button
      type="text"
      className={buttonClass}
      icon={<DownOutlined aria-hidden rotate={shows ? 180 : 0} />}
      iconPlacement="end"
      aria-expanded={shows}
      aria-controls={id}
      onClick={() => setShows(!shows)}
    >
      {shows ? t('script.hide') : t('script.show')}
    </Button>
  )
  const panel = (
    <div id={id} hidden={!shows} className={panelClass}>
      {shows && <ScriptPanel script={script} level={3} />}
    </div>
  )
  return { button, panel }
}
