// The words of generated forms that no schema has, in Chinese; English is the form library's own.
import { TranslatableString as Word } from '@rjsf/utils'

const CHINESE: Partial<Record<Word, string>> = {
  [Word.AddButton]: '添加',
  [Word.AddItemButton]: '添加一项',
  [Word.ClearButton]: '清空输入',
  [Word.ClearLabel]: '清空',
  [Word.CloseLabel]: '关闭',
  [Word.CopyButton]: '复制',
  [Word.DecrementAriaLabel]: '减 1',
  [Word.DeprecatedLabel]: '%1（已弃用）',
  [Word.EmptyArray]: '还没有内容，请用下面的按钮添加。',
  [Word.ErrorsLabel]: '错误',
  [Word.IncrementAriaLabel]: '加 1',
  [Word.KeyLabel]: '%1 的键',
  [Word.MissingItems]: '缺少 items 的定义',
  [Word.MoveDownButton]: '下移',
  [Word.MoveUpButton]: '上移',
  [Word.NewStringDefault]: '新值',
  [Word.NoLabel]: '否',
  [Word.NowLabel]: '现在',
  [Word.OptionPrefix]: '选项 %1',
  [Word.OptionalObjectAdd]: '添加可选字段的数据',
  [Word.OptionalObjectEmptyMsg]: '可选字段没有数据',
  [Word.OptionalObjectRemove]: '移除可选字段的数据',
  [Word.RemoveButton]: '移除',
  [Word.TitleOptionPrefix]: '%1 选项 %2',
  [Word.Type]: '类型',
  [Word.UnknownFieldType]: '未知的字段类型 %1',
  [Word.UnsupportedField]: '不支持的字段模式。',
  [Word.UnsupportedFieldWithId]: '字段 `%1` 的模式不受支持。',
  [Word.UnsupportedFieldWithIdAndReason]: '字段 `%1` 的模式不受支持：_%2_。',
  [Word.UnsupportedFieldWithReason]: '不支持的字段模式：_%1_。',
  [Word.Value]: '值',
  [Word.YesLabel]: '是',
}

export const formWords = (language: string) => (word: Word, params: string[] = []) =>
  params.reduce((text, param, at) => text.replace(`%${at + 1}`, () => param), (language === 'zh' && CHINESE[word]) || word)
