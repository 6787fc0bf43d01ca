import { Form, Input } from 'antd'
import { useState } from 'react'
import { useText } from '@/i18n'
import { Dialog } from '@/ui/Dialog'
import { useAct } from '@/ui/useAct'
import { Equivalent } from './Equivalent'
import { acts, type Named } from './queries'

export function PublishDialog({ named, close }: { named: Named; close: () => void }) {
  const t = useText()
  const { act, isPending } = useAct()
  const [description, setDescription] = useState('')
  const publish = async () => {
    if (await act(() => acts.publish(named, description), t('functions.publishedNow'))) close()
  }
  return (
    <Dialog
      title={t('functions.publish')}
      okText={t('functions.publish')}
      cancelText={t('common.cancel')}
      confirmLoading={isPending}
      onOk={() => void publish()}
      onCancel={close}
    >
      <Form layout="vertical" onFinish={() => void publish()}>
        <Form.Item label={t('common.description')} extra={t('functions.publishHint')} htmlFor="publish-description">
          <Input
            id="publish-description"
            autoFocus
            maxLength={1024}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        </Form.Item>
      </Form>
      <Equivalent act={{ kind: 'publish', named, description }} />
    </Dialog>
  )
}
