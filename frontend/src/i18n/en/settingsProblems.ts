import type { English } from '../english'
import type { settingsProblems as chinese } from '../zh-CN/settingsProblems'

export const settingsProblems = {
  problem: {
    delivery_not_dead: { title: 'Nothing to send again', help: 'It has gone out or is on its way; reload to see.' },
    invalid_channel: { title: 'The channel does not fit', help: 'Correct the marked fields and save.' },
    invalid_deputy: {
      title: 'The deputy does not fit',
      help: 'Choose somebody else than the person, and a role that exists.',
    },
    invalid_region: { title: 'The region does not fit', help: 'Correct the marked fields and save.' },
    no_region: { title: 'You belong to no region', help: 'Ask an administrator to set one.' },
    not_your_report: {
      title: 'Only for yourself or your reports',
      help: 'Ask the person, the direct supervisor or an administrator.',
    },
    not_yourself: { title: 'You cannot deactivate yourself', help: 'Ask another administrator.' },
    person_not_active: { title: 'This person no longer works here', help: 'Choose another colleague.' },
    supervisor_circle: { title: 'Supervisors would form a circle', help: 'Choose another supervisor.' },
    unknown_permission: { title: 'There is no such permission', help: 'Reload and choose again.' },
    unknown_person: { title: 'There is no such person', help: 'Reload and choose again.' },
    unknown_role: { title: 'There is no such role', help: 'Reload and choose again.' },
    windows_clash: { title: 'Working hours overlap', help: 'Change them so that they do not.' },
    leaves_overlap: {
      title: 'It overlaps with another leave',
      help: 'There is one from {{starts_at}} to {{ends_at}}. Cancel that one first, or choose another time.',
    },
    kinds_changed: {
      title: 'The file types have just been changed',
      help: 'The page is up to date now; order them again.',
    },
    calendar_never_opens: {
      title: 'No working day would be left',
      help: 'At least one day within a year must be worked.',
    },
    login_taken: { title: 'The user name is taken', help: 'Choose another.' },
    area_taken: { title: 'This place belongs to another region', help: 'Remove it there first.' },
    still_does_not_fit: {
      title: 'Not a lead yet',
      help: 'Fill in or correct what is named.',
    },
    submission_decided: {
      title: 'Somebody has dealt with it',
      help: 'The list is up to date now.',
    },
    secret_not_live: {
      title: 'The secret has ended already',
      help: 'The list is up to date now.',
    },
    form_key_taken: {
      title: 'The key is taken',
      help: 'Choose another.',
    },
    scripts_changed: {
      title: 'The list of scripts has changed',
      help: 'It is up to date now; order it again.',
    },
    unknown_variable: {
      title: 'There are unknown variables',
      help: 'Use the buttons to insert them.',
    },
    channel_off: {
      title: 'The channel is paused',
      help: 'Switch it on, then test it.',
    },
    channel_without_credentials: {
      title: 'No credentials yet',
      help: "Save the robot's credentials first.",
    },
    mail_serves_all: {
      title: 'E-mail serves the whole company',
      help: 'It has a name, and can be on or off; the account stands in the settings of the server.',
    },
    no_address: {
      title: 'You have no e-mail address',
      help: 'Enter one under People first.',
    },
    last_administrator: {
      title: 'Somebody must keep this right',
      help: 'Give it to another active person first.',
    },
    pipeline_out_of_use: {
      title: 'This pipeline is out of use',
      help: 'Put it into use before it becomes the default.',
    },
    default_stays_in_use: { title: 'The default pipeline stays in use', help: 'Make another one the default first.' },
    too_many_pipelines: { title: 'Too many pipelines', help: 'There can be {{most}}; change one that exists.' },
    code_taken: { title: 'This code is in use', help: 'Choose another.' },
    catalogue_state_forbids: { title: 'This changed in the catalogue meanwhile', help: 'Load it again.' },
    family_in_use: {
      title: 'The family still has products: {{products}}',
      help: 'Archive them or move them to another family first.',
    },
    family_archived: { title: 'The family {{family}} is archived', help: 'Restore it first.' },
  },
} as const satisfies English<typeof chinese>
