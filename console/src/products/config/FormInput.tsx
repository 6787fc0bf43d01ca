import { Templates } from '@rjsf/antd'
import { ariaDescribedByIds, type BaseInputTemplateProps } from '@rjsf/utils'
import { InputNumber } from 'antd'

const Usual = Templates.BaseInputTemplate!

/** Numbers keep what was typed: out of bounds, it is said so, instead of becoming another number. */
export function FormInput(props: BaseInputTemplateProps) {
  const { schema, id, htmlName, value, onChange, onBlur, onFocus, disabled, readonly, placeholder, options } = props
  if (schema.type !== 'integer' && schema.type !== 'number') return <Usual {...props} />
  return (
    <InputNumber
      id={id}
      name={htmlName ?? id}
      controls={false}
      changeOnWheel={false}
      style={{ width: '100%' }}
      disabled={disabled || readonly}
      placeholder={placeholder}
      value={value as number | null | undefined}
      aria-describedby={ariaDescribedByIds(id)}
      onChange={(typed) => onChange(typed ?? options.emptyValue)}
      onBlur={({ target }) => onBlur(id, target.value)}
      onFocus={({ target }) => onFocus(id, target.value)}
    />
  )
}
