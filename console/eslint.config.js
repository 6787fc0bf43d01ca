import hooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  { ignores: ['src/api/generated.ts'] },
  ...tseslint.configs.recommended,
  { rules: { 'max-lines': ['error', 400] } },
  { plugins: { 'react-hooks': hooks }, rules: hooks.configs.recommended.rules },
)
