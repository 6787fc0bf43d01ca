import Form from '@rjsf/antd'
import type { FormProps } from '@rjsf/core'
import { validator } from './validator'

/** A form with no code of its own: its fields come from the schema. Submitted from outside, by `formRef`. */
export function SchemaForm(props: Omit<FormProps, 'validator' | 'schema'> & { document: object }) {
  const { document, ...rest } = props
  return (
    <Form
      {...rest}
      schema={document as FormProps['schema']}
      validator={validator}
      liveValidate
      showErrorList={false}
      omitExtraData
      uiSchema={{ 'ui:submitButtonOptions': { norender: true }, ...rest.uiSchema }}
    />
  )
}
