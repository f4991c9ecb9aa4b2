from crm.notifications.models.due import DueItem
from crm.notifications.models.following import Following
from crm.notifications.models.mails import MailState, NotificationMail
from crm.notifications.models.notifications import Notification, NotificationQuerySet
from crm.notifications.models.preferences import Channel, Preference

__all__ = ["Channel", "DueItem", "Following", "MailState", "Notification", "NotificationMail", "NotificationQuerySet", "Preference"]
