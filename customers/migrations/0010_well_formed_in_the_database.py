from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0009_an_owner_for_each"),
        ("tenancy", "0003_idle_minutes"),
        ("users", "0004_promised_organizations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", ""), ("email__regex", "^[^@\\s]+@[^@\\s]+$"), _connector="OR"),
                name="contact_email_well_formed",
                violation_error_message="This is not an e-mail address. Write it like name@example.com.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("phone", ""), ("phone__regex", "^\\+[1-9][0-9]{3,19}(;ext=[0-9]+)?$"), _connector="OR"),
                name="contact_phone_well_formed",
                violation_error_message="This is not a telephone number. Begin with + and the country code, like +49 30 901820.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("website", ""), ("website__regex", "^https?://[^\\s]+$"), _connector="OR"),
                name="contact_website_well_formed",
                violation_error_message="This is not a web address. Write it like https://example.com.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("country", ""), ("country__regex", "^[A-Z]{2}$"), _connector="OR"),
                    ("preferred_language__regex", "^([a-z]{2,3}(-[A-Za-z]+)?)?$"),
                ),
                name="contact_codes_well_formed",
                violation_error_message="Countries have two capital letters, languages two small ones. Choose from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("email_label__in", ["work", "home", "mobile", "fax", "other"]),
                    ("phone_label__in", ["work", "home", "mobile", "fax", "other"]),
                    (
                        "source__in",
                        [
                            "",
                            "trade_show",
                            "website",
                            "referral",
                            "partner",
                            "phone",
                            "email",
                            "campaign",
                            "social_media",
                            "advertising",
                            "cold_call",
                            "purchased_list",
                            "import",
                            "form",
                            "other",
                        ],
                    ),
                    ("preferred_channel__in", ["", "email", "phone", "post", "messenger", "none"]),
                ),
                name="contact_choices_known",
                violation_error_message="A type, the source or the channel is none of the choices. Choose from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", ""), ("email__regex", "^[^@\\s]+@[^@\\s]+$"), _connector="OR"),
                name="customer_email_well_formed",
                violation_error_message="This is not an e-mail address. Write it like name@example.com.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("phone", ""), ("phone__regex", "^\\+[1-9][0-9]{3,19}(;ext=[0-9]+)?$"), _connector="OR"),
                name="customer_phone_well_formed",
                violation_error_message="This is not a telephone number. Begin with + and the country code, like +49 30 901820.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("website", ""), ("website__regex", "^https?://[^\\s]+$"), _connector="OR"),
                name="customer_website_well_formed",
                violation_error_message="This is not a web address. Write it like https://example.com.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("billing_country", ""), ("billing_country__regex", "^[A-Z]{2}$"), _connector="OR"),
                    models.Q(("shipping_country", ""), ("shipping_country__regex", "^[A-Z]{2}$"), _connector="OR"),
                    models.Q(("currency", ""), ("currency__regex", "^[A-Z]{3}$"), _connector="OR"),
                    ("preferred_language__regex", "^([a-z]{2,3}(-[A-Za-z]+)?)?$"),
                ),
                name="customer_codes_well_formed",
                violation_error_message="Countries have two capital letters, currencies three, languages two small ones. Choose from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["company", "person"]),
                    ("lifecycle__in", ["lead", "prospect", "customer", "dormant", "former", "partner", "supplier", "competitor", "other"]),
                    (
                        "industry__in",
                        [
                            "",
                            "agriculture",
                            "automotive",
                            "chemicals",
                            "construction",
                            "consulting",
                            "education",
                            "employment",
                            "energy",
                            "entertainment",
                            "finance",
                            "food",
                            "government",
                            "healthcare",
                            "hospitality",
                            "insurance",
                            "legal",
                            "logistics",
                            "manufacturing",
                            "marketing",
                            "media",
                            "nonprofit",
                            "pharmaceuticals",
                            "real_estate",
                            "retail",
                            "services",
                            "software",
                            "technology",
                            "telecommunications",
                            "utilities",
                            "other",
                        ],
                    ),
                    (
                        "source__in",
                        [
                            "",
                            "trade_show",
                            "website",
                            "referral",
                            "partner",
                            "phone",
                            "email",
                            "campaign",
                            "social_media",
                            "advertising",
                            "cold_call",
                            "purchased_list",
                            "import",
                            "form",
                            "other",
                        ],
                    ),
                    ("preferred_channel__in", ["", "email", "phone", "post", "messenger", "none"]),
                ),
                name="customer_choices_known",
                violation_error_message="Kind, lifecycle, industry, source or channel is none of the choices. Choose from the list.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("size", None), ("size__range", (0, 10000000)), _connector="OR"),
                name="customer_size_in_range",
                violation_error_message="The number of employees is out of range. Write one between 0 and 10,000,000.",
            ),
        ),
    ]
