import type { English } from '../english'
import type { problems as chinese } from '../zh-CN/problems'
import { fileProblems } from './fileProblems'
import { recordProblems } from './recordProblems'
import { settingsProblems } from './settingsProblems'

export const problems = {
  problem: {
    who: { away: '{{name}} (on leave)', deputy: '{{name}} (on leave, {{deputy}} stands in)' },
    not_your_decision: { title: 'Not yours to approve', help: "Ask the requester's superior or an administrator." },
    invalid_filters: { title: 'The filters do not fit', help: 'Choose them again.' },
    bad_cursor: { title: 'The list has changed', help: 'Go back to its first page.' },
    bad_if_match: { title: 'The version could not be checked', help: 'Reload and try again.' },
    if_match_required: { title: 'The version could not be checked', help: 'Reload and try again.' },
    bad_view_settings: { title: 'The view does not fit', help: 'Change its filters and columns, then save.' },
    body_too_large: { title: 'Too much content', help: 'Shorten it and send again.' },
    conflict: { title: 'This clashes with what exists', help: 'Reload, compare and try again.' },
    database_away: { title: 'Not available right now', help: 'Try again in a moment.' },
    internal_error: {
      title: 'Something went wrong on our side',
      help: 'It has been logged. Try again; tell your administrator if it keeps happening.',
    },
    invalid_input: { title: 'Some entries need a change', help: 'Correct the marked fields and send again.' },
    invalid_value: {
      title: 'An entry cannot be saved',
      help: 'It is too long or has characters that no text may have.',
    },
    not_signed_in: { title: 'You are not signed in', help: 'Sign in again.' },
    outside_your_reach: { title: 'Outside your reach', help: 'You would no longer see it; ask an administrator.' },
    scope_not_allowed: { title: 'You cannot look that far', help: 'Choose another scope, or ask an administrator.' },
    token_invalid: { title: 'Your session has expired', help: 'Sign in again.' },
    unknown_subject: { title: 'There is no such list', help: 'Reload and try again.' },
    search_too_short: { title: 'Type a little more', help: 'At least two characters.' },
    permission_missing: { title: 'Not allowed', help: 'Ask an administrator to change your role.' },
    too_many_views: { title: 'Too many views', help: 'Remove one that you do not use.' },
    not_your_view: { title: 'Not your view', help: 'Save a copy of your own.' },
    network: { title: 'No connection to the server', help: 'Check the network and try again.' },
    server_error: { title: 'The server failed', help: 'It is on record. Try again soon, or tell your administrator.' },
    http_403: { title: 'Not allowed', help: 'Ask your administrator for another role.' },
    http_404: { title: 'Not found', help: 'It may have been reassigned, or is outside what you may see.' },
    http_409: { title: 'Not possible now', help: 'Something may have changed. Refresh and try again.' },
    http_412: { title: 'Changed by somebody else', help: 'Load the newest and change that.' },
    http_422: { title: 'Something needs correction', help: 'Correct what is marked and send again.' },
    http_429: { title: 'Too many requests', help: 'Wait a moment and try again.' },
    unavailable: { title: 'Not available right now', help: 'Try again soon.' },
    not_found: { title: 'Not found', help: 'It may have been reassigned, or is outside what you may see.' },
    forbidden: { title: 'Not allowed', help: 'Ask your administrator for another role.' },
    changed_meanwhile: { title: 'Changed by somebody else', help: 'Load the newest and change that.' },
    sign_in_failed: { title: 'Wrong user name or password', help: 'Check both and try again.' },
    locked_out: { title: 'The account is locked for now', help: 'Try again later, or ask your administrator.' },
    sign_in_rate_exceeded: {
      title: 'Too many attempts to sign in',
      help: 'Your network has tried too often within a minute. Try again in {{seconds}} s.',
    },
    session_ended: { title: 'Your session has ended', help: 'Please sign in again.' },
    password_wrong: { title: 'The current password is wrong', help: 'Enter the current password again.' },
    weak_password: { title: 'The new password is too weak', help: 'Choose a longer, less common one.' },
    idempotency_key_reused: {
      title: 'The first submission was saved',
      help: 'Close this and check before entering it again.',
    },
    request_in_progress: { title: 'The first submission is still running', help: 'Wait a few seconds and try again.' },
    ...fileProblems.problem,
    ...recordProblems.problem,
    ...settingsProblems.problem,
    other: { title: 'Could not be done', help: '{{detail}}' },
  },
} as const satisfies English<typeof chinese>
