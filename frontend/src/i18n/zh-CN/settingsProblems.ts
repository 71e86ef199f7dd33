export const settingsProblems = {
  problem: {
    delivery_not_dead: { title: '不需要重发', help: '它已经发出或正在发送，请刷新后再看。' },
    invalid_channel: { title: '推送渠道填得不对', help: '请按提示修改后再保存。' },
    invalid_deputy: { title: '代理人设置不对', help: '代理人不能是本人，角色要选已有的。' },
    invalid_region: { title: '区域填得不对', help: '请按提示修改后再保存。' },
    no_region: { title: '你不属于任何区域', help: '请联系管理员设置所属区域。' },
    not_your_report: { title: '只能替自己或下属设置', help: '请找本人、直接上级或管理员。' },
    not_yourself: { title: '不能停用自己', help: '请找另一位管理员。' },
    person_not_active: { title: '这个人已不在岗', help: '请另选一位同事。' },
    supervisor_circle: { title: '上级关系成了环', help: '请另选一位上级。' },
    unknown_permission: { title: '没有这项权限', help: '请刷新后再选。' },
    unknown_person: { title: '没有这个人', help: '请刷新后再选。' },
    unknown_role: { title: '没有这个角色', help: '请刷新后再选。' },
    windows_clash: { title: '上班时段有重叠', help: '请调整时段，使它们互不重叠。' },
    leaves_overlap: {
      title: '与另一次休假重叠',
      help: '{{starts_at}} 到 {{ends_at}} 已登记休假。请先取消那一次，或另选时间。',
    },
    kinds_changed: { title: '文件类型刚被改过', help: '页面已更新，请再排一次。' },
    calendar_never_opens: { title: '这样改就没有工作日了', help: '一年之内至少要有一天上班。' },
    login_taken: { title: '账号已被使用', help: '请换一个账号。' },
    area_taken: { title: '省市已属于其他区域', help: '请先从原区域移除。' },
    still_does_not_fit: {
      title: '还不能成为线索',
      help: '请按提示补上或改正。',
    },
    submission_decided: {
      title: '已有人处理过',
      help: '列表已更新，请看最新状态。',
    },
    secret_not_live: {
      title: '密钥已经失效',
      help: '列表已更新。',
    },
    form_key_taken: {
      title: '标识已被使用',
      help: '请换一个。',
    },
    scripts_changed: {
      title: '话术列表刚有变化',
      help: '已载入最新列表，请再排一次。',
    },
    unknown_variable: {
      title: '有不认识的变量',
      help: '请用“插入变量”。',
    },
    channel_off: {
      title: '通道已暂停',
      help: '请先启用再测试。',
    },
    channel_without_credentials: {
      title: '还没有凭据',
      help: '请先保存机器人凭据。',
    },
    mail_serves_all: {
      title: '邮件服务于全公司',
      help: '只能改名称、启用或暂停；账号在服务器的设置里。',
    },
    no_address: {
      title: '你没有邮箱',
      help: '请先在“人员”里填写自己的邮箱。',
    },
    last_administrator: {
      title: '不能去掉最后的管理权限',
      help: '请先把它给另一位在岗的人。',
    },
    pipeline_out_of_use: { title: '这个流程已停用', help: '请先启用，再设为默认。' },
    default_stays_in_use: { title: '默认流程不能停用', help: '请先把另一个流程设为默认。' },
    too_many_pipelines: { title: '流程太多了', help: '最多 {{most}} 个，请改用已有的流程。' },
    code_taken: { title: '这个编码已在使用', help: '请换一个。' },
    catalogue_state_forbids: { title: '产品目录里的状态已变化', help: '请刷新后再看。' },
    family_in_use: { title: '这个产品族还有 {{products}} 个产品', help: '请先归档这些产品，或换到别的产品族。' },
    family_archived: { title: '产品族 {{family}} 已归档', help: '请先恢复产品族。' },
  },
} as const
