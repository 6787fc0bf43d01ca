import Form from '@rjsf/antd'
import type { FormProps } from '@rjsf/core'
import type { RJSFValidationError } from '@rjsf/utils'
import { useLanguage } from '@/i18n'
import { isPhrase } from '@/i18n/phrases'
import { FormInput } from './FormInput'
import { formWords } from './formWords'
import { localized } from './localized'
import type { SchemaView } from './queries'
import { validator } from './validator'

const LOOK = { colon: false, labelAlign: 'left' }
const TEMPLATES = { BaseInputTemplate: FormInput }

/** A form with no code of its own: its fields come from the schema. Submitted from outside, by `formRef`. */
export function SchemaForm(props: Omit<FormProps, 'validator' | 'schema'> & { document: SchemaView['document'] }) {
  const { document, ...rest } = props
  const { language, say } = useLanguage()
  const inWords = (error: RJSFValidationError) => ({ ...error, message: isPhrase(error.params) ? say(error.params) : error.message })
  return (
    <Form
      {...rest}
      schema={{ ...localized(document, language), title: undefined, description: undefined } as FormProps['schema']}
      formContext={LOOK}
      translateString={formWords(language)}
      templates={TEMPLATES}
      validator={validator}
      transformErrors={(errors) => errors.map(inWords)}
      liveValidate
      showErrorList={false}
      omitExtraData
      uiSchema={{ 'ui:submitButtonOptions': { norender: true }, ...rest.uiSchema }}
    />
  )
}
