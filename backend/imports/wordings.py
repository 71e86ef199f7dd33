"""What channels say about imports and exports, in Chinese (the screens have words of their own)."""

from backend.notifications.wording import Wording, register

KINDS = {
    "import.finished": Wording("导入完成", "{file} · 新增 {created} 条，更新 {updated} 条，未导入 {left_out} 条", "/imports/{subject_id}"),
    "import.leads_for_you": Wording("导入的线索分给你", "{by} 导入了 {count} 条归你的线索 · {file}", "/leads"),
    "import.customers_for_you": Wording("导入的客户分给你", "{by} 导入了 {count} 家归你的客户 · {file}", "/customers"),
    "import.customers_taken": Wording("客户已转走", "{by} 用文件转走了你的 {count} 家客户 · {file}", "/customers"),
    "import.backup_for_you": Wording("你是备份负责人", "{by} 导入了 {count} 家由你备份的客户 · {file}", "/customers"),
    "export.waiting": Wording("导出待批准", "{by} 申请导出 {rows} 行 · {reason}", "/exports"),
    "export.approved": Wording("导出已批准", "{by} · {rows} 行 · {comment}", "/exports"),
    "export.rejected": Wording("导出被拒绝", "{by} · {comment}", "/exports"),
    "export.ready": Wording("导出已生成", "{rows} 行，3 天内可下载", "/exports"),
}

for kind, wording in KINDS.items():
    register(kind, wording)
