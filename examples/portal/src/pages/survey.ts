/** A resident's answer to a survey: by a token, without a name, once. */
import { answer, client, type Schema } from '../api'
import { field, fill, h } from '../dom'
import { day, t } from '../language'
import { problemBox } from '../problem'
import type { View, Visit } from '../route'

const CHOICES = 10 // up to here a mark is chosen; a longer scale is typed

export async function survey({ tenant, rest, signal }: Visit): Promise<View> {
  const [id = '', token = ''] = rest
  // The token stays out of the history and of what somebody else sees of the screen.
  if (token) history.replaceState(null, '', location.hash.replace(`/${encodeURIComponent(token)}`, ''))
  const path = { tenant: tenant.slug, survey_id: id }
  const form = '/public/{tenant}/assessment/surveys/{survey_id}/form'
  const read = await answer(client().GET(form, { params: { path }, signal }))
  const code = h('input', { name: 'token', value: token, required: true, minlength: 43, maxlength: 43, autocomplete: 'off' })
  const said = h('div')
  const button = h('button', { class: 'primary' }, t('survey_send'))
  const send = async (event: Event): Promise<void> => {
    event.preventDefault()
    button.disabled = true
    const given = new FormData(asked)
    const marks = Object.fromEntries(read.questions.map((each) => [each.code, Number(given.get(each.code))]))
    const body = { token: code.value.trim(), marks }
    try {
      await answer(client().POST('/public/{tenant}/assessment/surveys/{survey_id}/answers', { params: { path }, body }))
      const thanks = h('p', { class: 'success', role: 'status', tabindex: -1 }, t('survey_thanks'))
      asked.replaceWith(thanks)
      thanks.focus()
    } catch (error) {
      const box = problemBox(error)
      fill(said, box)
      box.focus()
      button.disabled = false
    }
  }
  const asked = h(
    'form',
    { onsubmit: (event) => void send(event) },
    read.questions.map(question),
    field(t('survey_token'), code),
    said,
    button,
  )
  return { title: read.title, body: [h('p', {}, t('survey_once', { until: day(read.closes_on) })), asked] }
}

function question(each: Schema['Question']): HTMLElement {
  if (each.best > CHOICES) {
    const input = h('input', { type: 'number', name: each.code, min: 0, max: each.best, step: 1, required: true, inputmode: 'numeric' })
    return field(each.text, input, t('mark_up_to', { best: each.best }))
  }
  const marks = Array.from({ length: each.best + 1 }, (_, mark) => mark)
  return h(
    'fieldset',
    { class: 'marks' },
    h('legend', {}, each.text),
    marks.map((mark) =>
      h('label', {}, h('input', { type: 'radio', name: each.code, value: mark, required: true }), t('mark', { mark })),
    ),
  )
}
