import { Button, Card, Flex, Form, Input, Typography } from 'antd'
import { useState } from 'react'
import { useLanguage } from '@/i18n'
import { useSignIn } from '@/session'
import { ErrorNote } from '@/ui/ErrorNote'

type Given = { name: string; password: string }

export function SignIn() {
  const { t, language, choose } = useLanguage()
  const signIn = useSignIn()
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = async ({ name, password }: Given) => {
    setBusy(true)
    setError(null)
    try {
      await signIn(name, password)
    } catch (caught) {
      setError(caught)
      setBusy(false)
    }
  }
  return (
    <Flex justify="center" align="center" style={{ minHeight: '100%', padding: 16 }} component="main">
      <Card style={{ width: 380 }}>
        <Flex vertical gap={16}>
          <Flex justify="space-between" align="center">
            <Typography.Title level={1} style={{ margin: 0, fontSize: 22 }}>
              {t('signIn.title')}
            </Typography.Title>
            <Button size="small" type="text" onClick={() => choose(language === 'zh' ? 'en' : 'zh')}>
              {language === 'zh' ? 'English' : '中文'}
            </Button>
          </Flex>
          <Form<Given> layout="vertical" requiredMark={false} onFinish={submit} initialValues={{ name: 'admin' }}>
            <Form.Item name="name" label={t('signIn.name')} rules={[{ required: true }]}>
              <Input autoComplete="username" autoFocus />
            </Form.Item>
            <Form.Item name="password" label={t('signIn.password')} rules={[{ required: true }]}>
              <Input.Password autoComplete="current-password" />
            </Form.Item>
            <Button type="primary" htmlType="submit" block loading={busy}>
              {t('signIn.submit')}
            </Button>
          </Form>
          {error ? <ErrorNote error={error} /> : null}
          <Typography.Text type="secondary">{t('signIn.hint')}</Typography.Text>
        </Flex>
      </Card>
    </Flex>
  )
}
