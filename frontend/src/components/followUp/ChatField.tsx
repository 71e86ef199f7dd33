import { useQuery } from '@tanstack/react-query'
import { Form, Input } from 'antd'
import { useDeferredValue } from 'react'
import { useTranslation } from 'react-i18next'
import { chatPreviewQuery } from '@/api/timeline'
import { ChoiceGrid } from '@/components/ChoiceGrid'
import { useDebounced } from '@/lib/debounced'
import { useMe } from '@/lib/session'
import { ChatBubbles } from './ChatBubbles'
import styles from './FollowUpSheet.module.css'

const PAUSE_MS = 300

/** A chat pasted from WeChat, and how it is understood before it is kept. */
export function ChatField() {
  const { t } = useTranslation()
  const me = useMe()
  const form = Form.useFormInstance()
  const text: string = Form.useWatch('chat', form) ?? ''
  const mine: string | undefined = Form.useWatch('mine', form)
  const preview = useQuery(chatPreviewQuery(useDeferredValue(useDebounced(text, PAUSE_MS))))
  const speakers = preview.data?.speakers ?? []
  const ours = mine && speakers.includes(mine) ? mine : speakers.includes(me.name) ? me.name : ''
  return (
    <>
      <Form.Item name="chat" label={t('followUp.chat')} extra={t('followUp.chatHelp')}>
        <Input.TextArea
          autoSize={{ minRows: 2, maxRows: 5 }}
          maxLength={20_000}
          placeholder={t('followUp.chatPlaceholder')}
        />
      </Form.Item>
      {text.trim() !== '' && preview.data && (
        <div className={styles.preview}>
          {speakers.length > 0 ? (
            <Form.Item name="mine" label={t('followUp.mine')}>
              <ChoiceGrid
                size="chip"
                name="mine"
                label={t('followUp.mine')}
                choices={speakers.map((name) => ({ value: name, label: name }))}
              />
            </Form.Item>
          ) : (
            <p>{t('followUp.chatAsText')}</p>
          )}
          <ChatBubbles messages={preview.data.messages} mine={ours} />
        </div>
      )}
    </>
  )
}
