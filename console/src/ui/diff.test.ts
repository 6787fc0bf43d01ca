import { expect, test } from 'vitest'
import { diffLines } from './diff'

const shown = (before: string, after: string) =>
  diffLines(before, after).map(({ text, side }) => ({ same: ' ', added: '+', removed: '-' })[side] + text)

test('what is in both stays', () => expect(shown('a\nb', 'a\nb')).toEqual([' a', ' b']))

test('a changed line is removed and added', () =>
  expect(shown('a\nb\nc', 'a\nx\nc')).toEqual([' a', '-b', '+x', ' c']))

test('from nothing everything is added', () => expect(shown('', 'a\nb')).toEqual(['+a', '+b']))
