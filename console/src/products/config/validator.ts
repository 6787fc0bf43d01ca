// Checks a form's value by JSON Schema 2020-12 without making code at run time, which the page's policy forbids.
import { type OutputUnit, Validator } from '@cfworker/json-schema'
import {
  createErrorHandler,
  type CustomValidator,
  type ErrorTransformer,
  getDefaultFormState,
  type RJSFSchema,
  type RJSFValidationError,
  toErrorSchema,
  type UiSchema,
  unwrapErrorHandler,
  type ValidationData,
  validationDataMerge,
  type ValidatorType,
} from '@rjsf/utils'
import { steps, verdict } from './verdicts'

type Given = Record<string, unknown> | undefined

const DRAFT = '2020-12'
const problems = (schema: RJSFSchema | boolean, value: unknown): OutputUnit[] =>
  typeof schema === 'boolean' ? [] : new Validator(schema as object, DRAFT, false).validate(value ?? null).errors

/** Only the innermost errors say something to a person, and each once. */
const telling = (errors: OutputUnit[]) =>
  errors.filter(
    ({ instanceLocation, keyword }, index) =>
      keyword !== 'false' &&
      errors.findIndex((other) => other.instanceLocation === instanceLocation && other.keyword === keyword) === index &&
      (!['properties', 'items', 'allOf', '$ref', 'additionalItems'].includes(keyword) ||
        !errors.some((other, at) => at !== index && other.instanceLocation.startsWith(`${instanceLocation}/`))),
  )

/** `params` is what is wrong, to be said in the reader's language. */
const asRjsf = (unit: OutputUnit, schema: unknown, value: unknown): RJSFValidationError => {
  const { instanceLocation, error, keyword } = unit
  const params = verdict(unit, schema, value)
  const property = steps(instanceLocation).map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('')
  return { name: keyword, message: error, property, params, stack: `${property} ${error}`.trim() }
}

export const validator: ValidatorType = {
  validateFormData(
    value: Given,
    schema: RJSFSchema,
    customValidate?: CustomValidator,
    transformErrors?: ErrorTransformer,
    uiSchema?: UiSchema,
  ): ValidationData<Given> {
    const found = telling(problems(schema, value)).map((unit) => asRjsf(unit, schema, value))
    const errors = transformErrors ? transformErrors(found, uiSchema) : found
    const result = { errors, errorSchema: toErrorSchema<Given>(errors) }
    if (!customValidate) return result
    const defaults = getDefaultFormState(validator, schema, value, schema, true) as Given
    const handled = customValidate(defaults, createErrorHandler(defaults as object), uiSchema)
    return validationDataMerge(result, unwrapErrorHandler(handled))
  },
  isValid: (schema, value) => problems(schema as RJSFSchema, value).length === 0,
  rawValidation: <Result>(schema: RJSFSchema, value?: Given) =>
    ({ errors: problems(schema, value) }) as { errors?: Result[] },
}
