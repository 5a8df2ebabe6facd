/** Elements without a template language: text is always text, so nothing that was typed by somebody becomes markup. */

export type Child = Node | string | number | null | undefined | false | readonly Child[]
type Attributes = Record<string, string | number | boolean | EventListener | null | undefined>

/** An element. `on…` attributes are listeners, `true` sets an empty attribute, `false` and null none. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value)
    else if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? '' : String(value))
    }
  }
  made.append(...flat(children))
  return made
}

/** Put these in the place of what the element holds. */
export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...flat(children))
}

function flat(children: readonly Child[]): (Node | string)[] {
  return children.flatMap((child): (Node | string)[] => {
    if (child === null || child === undefined || child === false) return []
    if (child instanceof Node || typeof child === 'string') return [child]
    return typeof child === 'number' ? [String(child)] : flat(child as readonly Child[])
  })
}

let last = 0

/** A label with its field, tied together. */
export function field(label: string, input: HTMLElement, hint?: string): HTMLElement {
  input.id = `field-${++last}`
  const told = hint ? h('small', { id: `${input.id}-hint` }, hint) : null
  if (told) input.setAttribute('aria-describedby', told.id)
  return h('div', { class: 'field' }, h('label', { for: input.id }, label), input, told)
}

/** Terms with what they say; those that say nothing are left out. */
export function facts(pairs: readonly (readonly [string, Child])[]): HTMLElement {
  const told = pairs.filter(([, value]) => value !== null && value !== undefined && value !== '')
  return h('dl', {}, told.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))))
}

export function section(title: string, ...children: Child[]): HTMLElement {
  const heading = h('h2', { id: `section-${++last}` }, title)
  return h('section', { 'aria-labelledby': heading.id }, heading, children)
}
