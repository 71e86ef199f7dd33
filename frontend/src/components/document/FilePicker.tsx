import { CameraOutlined, InboxOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useIsPhone } from '@/lib/media'
import styles from './Documents.module.css'

interface Props {
  several: boolean
  /** One row among others instead of a place to drop on. */
  isCompact?: boolean
  onFiles: (files: File[]) => void
}

/** Not by an attribute: within a form the design system shows such fields all the same. */
const NOT_SEEN = { display: 'none' } as const

export const filesOf = (list: FileList | null | undefined): File[] => [...(list ?? [])]

/** Choose files, drop them here, or on the phone take a photo. */
export function FilePicker({ several, isCompact = false, onFiles }: Props) {
  const { t } = useTranslation()
  const isPhone = useIsPhone()
  const chooser = useRef<HTMLInputElement>(null)
  const camera = useRef<HTMLInputElement>(null)
  const [isOver, setIsOver] = useState(false)
  const take = (files: File[]): void => {
    if (files.length > 0) onFiles(several ? files : files.slice(0, 1))
  }
  const onDrop = (event: DragEvent): void => {
    event.preventDefault()
    setIsOver(false)
    take(filesOf(event.dataTransfer.files))
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the buttons inside do the same
    <div
      className={`${isCompact ? styles.compact : styles.drop} ${isOver ? styles.isOver : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
    >
      <input
        ref={chooser}
        type="file"
        multiple={several}
        style={NOT_SEEN}
        data-testid="files"
        onChange={({ target }) => {
          take(filesOf(target.files))
          target.value = ''
        }}
      />
      <input
        ref={camera}
        type="file"
        accept="image/*"
        capture="environment"
        style={NOT_SEEN}
        onChange={({ target }) => {
          take(filesOf(target.files))
          target.value = ''
        }}
      />
      {!isPhone && !isCompact && <p className={styles.soft}>{t('document.dropHere')}</p>}
      <div className={styles.buttons}>
        <Button icon={<InboxOutlined aria-hidden />} onClick={() => chooser.current?.click()}>
          {t('document.choose')}
        </Button>
        {isPhone && (
          <Button icon={<CameraOutlined aria-hidden />} onClick={() => camera.current?.click()}>
            {t('document.takePhoto')}
          </Button>
        )}
      </div>
    </div>
  )
}
