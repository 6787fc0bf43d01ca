// How each language is coloured. Each comes when its language is first chosen; one that lacks here stays plain.
import { StreamLanguage, type StreamParser } from '@codemirror/language'
import type { Extension } from '@codemirror/state'

type Load = () => Promise<StreamParser<unknown>>

const clike = () => import('@codemirror/legacy-modes/mode/clike')
const LOADS: Record<string, Load> = {
  python: async () => (await import('@codemirror/legacy-modes/mode/python')).python,
  node: async () => (await import('@codemirror/legacy-modes/mode/javascript')).javascript,
  bash: async () => (await import('@codemirror/legacy-modes/mode/shell')).shell,
  c: async () => (await clike()).c,
  'c++': async () => (await clike()).cpp,
  java: async () => (await clike()).java,
  go: async () => (await import('@codemirror/legacy-modes/mode/go')).go,
  rust: async () => (await import('@codemirror/legacy-modes/mode/rust')).rust,
  ruby: async () => (await import('@codemirror/legacy-modes/mode/ruby')).ruby,
  perl: async () => (await import('@codemirror/legacy-modes/mode/perl')).perl,
  lua: async () => (await import('@codemirror/legacy-modes/mode/lua')).lua,
  tcl: async () => (await import('@codemirror/legacy-modes/mode/tcl')).tcl,
}

export async function modeOf(language: string): Promise<Extension> {
  const load = LOADS[language]
  return load ? StreamLanguage.define(await load()) : []
}
