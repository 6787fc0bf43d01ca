import { oneDark } from '@codemirror/theme-one-dark'
import { EditorView } from '@codemirror/view'

const GROUND = '#16181d'

/** One Dark on a darker ground: on its own some of its colours are too faint to be read by everybody. */
export const darkCode = [
  EditorView.theme(
    {
      '&, .cm-gutters': { backgroundColor: GROUND },
      '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: '#1f2229' },
    },
    { dark: true },
  ),
  oneDark,
]
