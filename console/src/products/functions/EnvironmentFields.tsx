import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Flex, Form, Input, Typography } from 'antd'
import { useText } from '@/i18n'

const VARIABLE = /^[A-Za-z][A-Za-z0-9_]*$/

/** Names and values, a row each. */
export function EnvironmentFields() {
  const t = useText()
  return (
    <Form.List name="variables">
      {(fields, { add, remove }) => (
        <Flex vertical gap={8} style={{ marginBottom: 24 }}>
          <Typography.Text>{t('functions.environment')}</Typography.Text>
          {fields.map(({ key, name }) => (
            <Flex key={key} gap={8}>
              <Form.Item
                name={[name, 'name']}
                noStyle
                rules={[{ required: true, pattern: VARIABLE, message: t('functions.variableRule') }]}
              >
                <Input
                  className="mono"
                  style={{ flex: 1 }}
                  aria-label={t('functions.variableName')}
                  placeholder={t('functions.variableName')}
                />
              </Form.Item>
              <Form.Item name={[name, 'value']} noStyle>
                <Input
                  className="mono"
                  style={{ flex: 2 }}
                  aria-label={t('common.value')}
                  placeholder={t('common.value')}
                />
              </Form.Item>
              <Button icon={<DeleteOutlined />} aria-label={t('common.delete')} onClick={() => remove(name)} />
            </Flex>
          ))}
          <div>
            <Button size="small" icon={<PlusOutlined />} onClick={() => add({ name: '', value: '' })}>
              {t('functions.addVariable')}
            </Button>
          </div>
        </Flex>
      )}
    </Form.List>
  )
}
