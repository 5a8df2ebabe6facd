/** Chinese first, English by the switch. */
import { english, type Key, chinese } from './texts'

export type Language = 'zh' | 'en'
/** A name in both languages, as the platform gives it. */
export type Words = Record<string, string>

const KEPT = 'portal.language'
let language: Language = localStorage.getItem(KEPT) === 'en' ? 'en' : 'zh'
document.documentElement.lang = tag()

export function current(): Language {
  return language
}

/** The language as a tag of BCP 47. */
export function tag(): string {
  return language === 'zh' ? 'zh-CN' : 'en'
}

export function change(to: Language): void {
  language = to
  localStorage.setItem(KEPT, to)
  document.documentElement.lang = tag()
}

/** A text of the portal; `{name}` in it is replaced. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const text = (language === 'zh' ? chinese : english)[key]
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** What the platform calls something; its code where it has no name. */
export function say(words: Words | undefined, code: string): string {
  return words?.[language] ?? code
}

/** What the portal itself calls a code of a kind (`kind.review`), the code where it has no name. */
export function named(kind: string, code: string): string {
  const key = `${kind}.${code}`
  return key in chinese ? t(key as Key) : code
}

const ZONE = 'Asia/Shanghai' // days are counted there, wherever the reader sits

export function moment(instant: string): string {
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const
  return new Intl.DateTimeFormat(tag(), { ...style, timeZone: ZONE }).format(new Date(instant))
}

/** The day of an instant where days are counted, as `YYYY-MM-DD`. */
export function dayOf(instant: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE }).format(new Date(instant))
}

/** A day without a time: it is the same day everywhere. */
export function day(date: string): string {
  return new Intl.DateTimeFormat(tag(), { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(date))
}

/** Any value of a fact in words. */
export function value(of: unknown): string {
  if (of === null || of === undefined) return '—'
  if (typeof of === 'boolean') return t(of ? 'yes' : 'no')
  if (Array.isArray(of)) return of.length ? of.map(value).join(language === 'zh' ? '、' : ', ') : '—'
  if (typeof of === 'object') {
    return Object.entries(of)
      .map(([name, each]) => `${named('field', name)} ${value(each)}`)
      .join(language === 'zh' ? '，' : ', ')
  }
  const text = String(of)
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return day(text)
  return /^\d{4}-\d{2}-\d{2}T/.test(text) ? moment(text) : named('value', text)
}
