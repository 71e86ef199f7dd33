import type { components } from './schema'

type Schemas = components['schemas']

export type Me = Schemas['Me']
export type SignedIn = Schemas['SignedInOut']
export type Named = Schemas['PersonRef']
export type Person = Schemas['PersonOut']
export type PersonCreate = Schemas['PersonCreate']
export type PersonPatch = Schemas['PersonPatch']
export type Leave = Schemas['LeaveOut']
export type LeaveIn = Schemas['LeaveIn']
export type Deputy = Schemas['DeputyOut']
export type Region = Schemas['RegionOut']
export type Area = Schemas['AreaOut']
export type Role = Schemas['RoleOut']
export type LeadCard = Schemas['LeadCard']
export type LeadState = Schemas['LeadState']
/** The states that a list can be narrowed to: merged leads are in no list. */
export type ListedState = Exclude<LeadState, 'merged'>
export type Lead = Schemas['LeadOut']
export type LeadCreate = Schemas['LeadCreate']
export type Action = Schemas['Action']
export type Script = Schemas['ScriptOut']
export type Reason = Schemas['Reason']
export type TimelineEntry = Schemas['TimelineEntryOut']
export type FollowUpCreate =
  | Schemas['CallLog']
  | Schemas['VisitLog']
  | Schemas['MeetingLog']
  | Schemas['MessageLog']
  | Schemas['EmailLog']
export type NoteCreate = Schemas['NoteCreate']
export type ChatMessage = Schemas['ChatMessage']
export type SupportCard = Schemas['SupportCard']
export type SupportRequest = Schemas['SupportRequestOut']
export type SupportState = Schemas['SupportState']
export type SupportAction = Schemas['SupportAction']
export type SupportCreate = Schemas['SupportCreate']
export type SupportPerformance = Schemas['Performance']
export type SupportView = 'to_answer' | 'asked' | 'team'
export type Candidate = Schemas['CandidateOut']
export type DuplicateHit = Schemas['DuplicateHit']
export type DuplicateCheck = Schemas['DuplicateCheck']
export type Merge = Schemas['MergeOut']
export type MergeCreate = Schemas['MergeCreate']
export type Today = Schemas['Today']
export type TodayItem = Schemas['TodayItem']
export type TodayKind = Schemas['TodayKind']
export type Notice = Schemas['Notification']
export type Delivery = Schemas['Delivery']
export type DeliveryState = Schemas['DeliveryState']
export type DeadEvent = Schemas['DeadEvent']
export type Form = Schemas['FormOut']
export type FormCreate = Schemas['FormCreate']
export type FormPatch = Schemas['FormPatch']
export type FormMapping = Schemas['FormMappingOut']
export type FormSecret = Schemas['SecretOut']
export type AnswerStyle = Schemas['AnswerStyle']
export type SecretKind = Schemas['SecretKind']
export type LeadPreview = Schemas['LeadPreview']
export type Fault = Schemas['FaultOut']
export type Submission = Schemas['SubmissionOut']
export type SubmissionState = Schemas['SubmissionState']
export type ScriptTemplate = Schemas['ScriptTemplateOut']
export type ScriptFields = Schemas['ScriptFields']
export type ScriptPatch = Schemas['ScriptPatch']
export type Ladder = Schemas['LadderOut']
export type Rung = Schemas['Rung']
export type Daily = Schemas['DailyOut']
export type Channel = Schemas['Channel']
export type ChannelPatch = Schemas['ChannelPatch']
export type RolePatch = Schemas['RolePatch']
export type Change = Schemas['ChangeOut']
export type CalendarDay = Schemas['DayOut']
export type CalendarDayIn = Schemas['DayIn']
export type WorkingWindow = Schemas['WindowIn']
export type TodayNotice = Schemas['TodayNotice']
export type PoolRule = Schemas['PoolRuleOut']
export type PoolRuleFields = Schemas['PoolRuleFields']
export type CustomerCard = Schemas['CustomerCard']
export type CustomerState = Schemas['CustomerState']
export type Customer = Schemas['CustomerOut']
export type CustomerRef = Schemas['CustomerRef']
export type CustomerCreate = Schemas['CustomerCreate']
export type CustomerPatch = Schemas['CustomerPatch']
export type Contact = Schemas['ContactOut']
export type ContactRole = Schemas['ContactRole']
export type ContactCreate = Schemas['ContactFields']
export type ContactPatch = Schemas['ContactPatch']
export type FieldChange = Schemas['Change']
export type ChangeRequest = Schemas['ChangeRequestOut']
export type RequestState = Schemas['RequestState']
export type Verdict = Schemas['Verdict']
export type RequestView = 'to_decide' | 'mine'
export type Disqualification = Schemas['Disqualification']
export type Conversion = Partial<Schemas['LeadConversion']>
export type DisqualifyReason = Schemas['DisqualifyReason']
export type BulkAction = Schemas['BulkAssign'] | Schemas['BulkClaim'] | Schemas['BulkDisqualify']
export type CustomersChange = Schemas['CustomersAssign'] | Schemas['CustomersArchive']
export type BulkResult = Schemas['BulkResult']
export type SavedView = Schemas['ViewOut']
export type ListCount = Schemas['ListCount']
/** Lists of which there are views. */
export type ViewSubject = 'lead' | 'customer' | 'opportunity'
export type ViewCreate = Schemas['ViewCreate']
export type ViewPatch = Schemas['ViewPatch']
export type Sharing = Schemas['Sharing']
export type Scope = 'own' | 'region' | 'company' | 'pool'
/** How far to look among what always has an owner. */
export type OwnedScope = Exclude<Scope, 'pool'>

/** What a saved view of the list of leads holds; the contract leaves it open, since each list has its own. */
export interface LeadViewSettings {
  scope?: Scope
  sort?: string
  columns?: string[]
  filter?: {
    q?: string | null
    state?: LeadState[] | null
    source?: string[] | null
    region?: string[] | null
    owner?: string[] | null
    product_line?: string[] | null
    received_days?: number | null
    received_from?: string | null
    received_before?: string | null
    quiet_days?: number | null
    is_overdue?: boolean | null
    is_escalated?: boolean | null
    has_phone?: boolean | null
    has_owner?: boolean | null
  }
}

/** The same for the list of customers. */
export interface CustomerViewSettings {
  scope?: OwnedScope
  sort?: string
  columns?: string[]
  filter?: {
    q?: string | null
    state?: CustomerState[] | null
    industry?: string[] | null
    source?: string[] | null
    region?: string[] | null
    owner?: string[] | null
    tag?: string[] | null
    created_days?: number | null
    quiet_days?: number | null
    active_days?: number | null
    is_key?: boolean | null
    lacks_backup?: boolean | null
  }
}

/** The same for the list of opportunities. */
export interface OpportunityViewSettings {
  scope?: OwnedScope
  sort?: string
  columns?: string[]
  filter?: {
    q?: string | null
    state?: string[] | null
    stage?: string[] | null
    pipeline?: string[] | null
    owner?: string[] | null
    region?: string[] | null
    source?: string[] | null
    product_line?: string[] | null
    loss_reason?: string[] | null
    amount_from?: string | null
    amount_to?: string | null
    closes_from?: string | null
    closes_before?: string | null
    closed_from?: string | null
    closed_before?: string | null
    lead_received_from?: string | null
    lead_received_before?: string | null
    created_days?: number | null
    in_stage_days?: number | null
    quiet_days?: number | null
    needs_review?: boolean | null
    has_backup?: boolean | null
    is_late?: boolean | null
    is_unadvanced?: boolean | null
    is_flagged?: boolean | null
  }
}

export type ImportCard = Schemas['RunCard']
export type ImportRun = Schemas['RunOut']
export type ImportState = Schemas['RunState']
export type ImportStep = Schemas['Step']
export type ImportSettings = Schemas['ImportSettings']
export type ImportRow = Schemas['RowOut']
export type ImportCounts = Schemas['Counts']
export type Export = Schemas['ExportOut']
export type ExportCreate = Schemas['ExportCreate']

export type OpportunityCard = Schemas['OpportunityCard']
export type Opportunity = Schemas['OpportunityOut']
export type OpportunityCreate = Schemas['OpportunityCreate']
export type OpportunityPatch = Schemas['OpportunityPatch']
export type OpportunityAction = Schemas['OpportunityAction']
export type MoveTo = Schemas['MoveTo']
export type Way = Schemas['WayOut']
export type Missing = Schemas['Missing']
export type Condition = Missing['condition']
export type LossReason = Schemas['LossReason']
export type StayRow = Schemas['StayRow']
export type Dashboard = Schemas['Dashboard']
export type StageFigures = Schemas['StageFigures']
export type SourceFigures = Schemas['SourceFigures']
export type Board = Schemas['Board']
export type BoardColumn = Schemas['BoardColumn']
export type Pipeline = Schemas['PipelineOut']
export type StageRef = Schemas['StageRef']
export type PlannedMilestone = Schemas['PlannedMilestone']
export type StageContent = Schemas['StageContent']
export type PipelineContent = Schemas['PipelineContent']
export type PipelineVersion = Schemas['PipelineVersionOut']
export type PipelineTrial = Schemas['PipelineTrial']
export type StageTrial = Schemas['StageTrial']
export type DealRef = Schemas['DealRef']
export type ContractCard = Schemas['ContractCard']
export type Contract = Schemas['ContractOut']
export type ContractPatch = Schemas['ContractPatch']
export type Milestone = Schemas['MilestoneOut']
export type MilestonePatch = Schemas['MilestonePatch']
export type Signature = Schemas['Signature']

export type FiledDocument = Schemas['DocumentOut']
export type DocumentVersion = Schemas['DocumentVersionOut']
export type DocumentKind = Schemas['DocumentKindOut']
export type DocumentKindFields = Schemas['DocumentKindFields']
export type DocumentKindPatch = Schemas['DocumentKindPatch']
export type FileUpload = Schemas['UploadOut']

export type EmailCard = Schemas['EmailCard']
export type Email = Schemas['EmailOut']
export type EmailFile = Schemas['EmailFileOut']
export type EmailCreate = Schemas['EmailCreate']
export type EmailState = Schemas['EmailState']
export type Mailing = Schemas['Mailing']
export type MailPerson = Schemas['MailPerson']
export type TrayView = Schemas['TrayView']
