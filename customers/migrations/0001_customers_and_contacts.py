import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import crm.fields.columns


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("tenancy", "0001_organization"),
        ("users", "0002_tenant_policies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="last changed")),
                ("deleted_at", models.DateTimeField(editable=False, null=True, verbose_name="deleted")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("company", "Company"), ("person", "Person")], default="company", max_length=10, verbose_name="kind"
                    ),
                ),
                ("legal_name", models.CharField(blank=True, max_length=200, verbose_name="legal name")),
                (
                    "lifecycle",
                    models.CharField(
                        choices=[
                            ("lead", "Lead"),
                            ("prospect", "Prospect"),
                            ("customer", "Customer"),
                            ("dormant", "Dormant"),
                            ("former", "Former customer"),
                            ("partner", "Partner"),
                            ("supplier", "Supplier"),
                            ("competitor", "Competitor"),
                            ("other", "Other"),
                        ],
                        default="prospect",
                        max_length=20,
                        verbose_name="lifecycle",
                    ),
                ),
                (
                    "industry",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("agriculture", "Agriculture"),
                            ("automotive", "Automotive"),
                            ("chemicals", "Chemicals"),
                            ("construction", "Construction"),
                            ("consulting", "Consulting"),
                            ("education", "Education"),
                            ("employment", "Employment"),
                            ("energy", "Energy"),
                            ("entertainment", "Entertainment"),
                            ("finance", "Finance"),
                            ("food", "Food and beverages"),
                            ("government", "Government"),
                            ("healthcare", "Healthcare"),
                            ("hospitality", "Hospitality"),
                            ("insurance", "Insurance"),
                            ("legal", "Legal"),
                            ("logistics", "Logistics"),
                            ("manufacturing", "Manufacturing"),
                            ("marketing", "Marketing"),
                            ("media", "Media"),
                            ("nonprofit", "Non-profit"),
                            ("pharmaceuticals", "Pharmaceuticals"),
                            ("real_estate", "Real estate"),
                            ("retail", "Retail"),
                            ("services", "Services"),
                            ("software", "Software"),
                            ("technology", "Technology"),
                            ("telecommunications", "Telecommunications"),
                            ("utilities", "Utilities"),
                            ("other", "Other"),
                        ],
                        max_length=30,
                        verbose_name="industry",
                    ),
                ),
                (
                    "size",
                    models.PositiveIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(10000000)],
                        verbose_name="employees",
                    ),
                ),
                (
                    "annual_revenue",
                    crm.fields.columns.MoneyField(
                        blank=True,
                        currency="currency",
                        decimal_places=4,
                        max_digits=19,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="annual revenue",
                    ),
                ),
                (
                    "currency",
                    crm.fields.columns.CurrencyField(
                        blank=True, help_text="Of the annual revenue. Empty: the organization's.", max_length=3, verbose_name="currency"
                    ),
                ),
                ("website", models.URLField(blank=True, max_length=300, verbose_name="website")),
                ("domain", models.CharField(blank=True, editable=False, max_length=200, verbose_name="domain")),
                ("email", crm.fields.columns.EmailColumn(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", crm.fields.columns.PhoneField(blank=True, max_length=40, verbose_name="phone")),
                ("tax_number", models.CharField(blank=True, max_length=40, verbose_name="tax number")),
                ("registration_number", models.CharField(blank=True, max_length=40, verbose_name="registration number")),
                ("billing_street", models.CharField(blank=True, max_length=200, verbose_name="billing street")),
                ("billing_city", models.CharField(blank=True, max_length=100, verbose_name="billing city")),
                ("billing_postal_code", models.CharField(blank=True, max_length=20, verbose_name="billing postal code")),
                ("billing_region", models.CharField(blank=True, max_length=100, verbose_name="billing region")),
                ("billing_country", crm.fields.columns.CountryField(blank=True, max_length=2, verbose_name="billing country")),
                ("shipping_street", models.CharField(blank=True, max_length=200, verbose_name="shipping street")),
                ("shipping_city", models.CharField(blank=True, max_length=100, verbose_name="shipping city")),
                ("shipping_postal_code", models.CharField(blank=True, max_length=20, verbose_name="shipping postal code")),
                ("shipping_region", models.CharField(blank=True, max_length=100, verbose_name="shipping region")),
                ("shipping_country", crm.fields.columns.CountryField(blank=True, max_length=2, verbose_name="shipping country")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("trade_show", "Trade show"),
                            ("website", "Website"),
                            ("referral", "Referral"),
                            ("partner", "Partner"),
                            ("phone", "Phone"),
                            ("email", "E-mail"),
                            ("campaign", "Campaign"),
                            ("social_media", "Social media"),
                            ("advertising", "Advertising"),
                            ("cold_call", "Cold call"),
                            ("purchased_list", "Purchased list"),
                            ("import", "Import"),
                            ("form", "Web form"),
                            ("other", "Other"),
                        ],
                        max_length=30,
                        verbose_name="source",
                    ),
                ),
                (
                    "preferred_channel",
                    models.CharField(
                        blank=True,
                        choices=[("email", "E-mail"), ("phone", "Phone"), ("post", "Post"), ("messenger", "Messenger"), ("none", "None")],
                        max_length=10,
                        verbose_name="preferred channel",
                    ),
                ),
                ("preferred_language", crm.fields.columns.LanguageField(blank=True, max_length=8, verbose_name="preferred language")),
                (
                    "topics",
                    models.CharField(blank=True, help_text="Separated by commas.", max_length=300, verbose_name="topics of interest"),
                ),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "external_id",
                    models.CharField(
                        blank=True, help_text="The record's key in another system.", max_length=100, verbose_name="external id"
                    ),
                ),
                ("last_activity_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="last activity")),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "deleted_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="deleted by",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('crm.organization_id', true), '')::bigint", [], output_field=models.BigIntegerField()
                        ),
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="subsidiaries",
                        to="customers.customer",
                        verbose_name="parent",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="users.team",
                        verbose_name="team",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
                "abstract": False,
                "default_permissions": ("add", "change", "delete", "view"),
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="created")),
                ("updated_at", models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="last changed")),
                ("deleted_at", models.DateTimeField(editable=False, null=True, verbose_name="deleted")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("name", models.CharField(editable=False, max_length=200, verbose_name="name")),
                ("salutation", models.CharField(blank=True, max_length=30, verbose_name="salutation")),
                ("first_name", models.CharField(blank=True, max_length=100, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=100, verbose_name="last name")),
                ("job_title", models.CharField(blank=True, max_length=150, verbose_name="job title")),
                ("department", models.CharField(blank=True, max_length=100, verbose_name="department")),
                ("email", crm.fields.columns.EmailColumn(blank=True, max_length=254, verbose_name="e-mail")),
                (
                    "email_label",
                    models.CharField(
                        choices=[("work", "Work"), ("home", "Home"), ("mobile", "Mobile"), ("fax", "Fax"), ("other", "Other")],
                        default="work",
                        max_length=10,
                        verbose_name="type of e-mail",
                    ),
                ),
                ("phone", crm.fields.columns.PhoneField(blank=True, max_length=40, verbose_name="phone")),
                (
                    "phone_label",
                    models.CharField(
                        choices=[("work", "Work"), ("home", "Home"), ("mobile", "Mobile"), ("fax", "Fax"), ("other", "Other")],
                        default="work",
                        max_length=10,
                        verbose_name="type of phone",
                    ),
                ),
                ("birthday", models.DateField(blank=True, null=True, verbose_name="birthday")),
                ("do_not_email", models.BooleanField(default=False, verbose_name="do not e-mail")),
                ("do_not_call", models.BooleanField(default=False, verbose_name="do not call")),
                ("do_not_post", models.BooleanField(default=False, verbose_name="no post")),
                ("street", models.CharField(blank=True, max_length=200, verbose_name="street")),
                ("city", models.CharField(blank=True, max_length=100, verbose_name="city")),
                ("postal_code", models.CharField(blank=True, max_length=20, verbose_name="postal code")),
                ("region", models.CharField(blank=True, max_length=100, verbose_name="region")),
                ("country", crm.fields.columns.CountryField(blank=True, max_length=2, verbose_name="country")),
                ("website", models.URLField(blank=True, max_length=300, verbose_name="website or profile")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("trade_show", "Trade show"),
                            ("website", "Website"),
                            ("referral", "Referral"),
                            ("partner", "Partner"),
                            ("phone", "Phone"),
                            ("email", "E-mail"),
                            ("campaign", "Campaign"),
                            ("social_media", "Social media"),
                            ("advertising", "Advertising"),
                            ("cold_call", "Cold call"),
                            ("purchased_list", "Purchased list"),
                            ("import", "Import"),
                            ("form", "Web form"),
                            ("other", "Other"),
                        ],
                        max_length=30,
                        verbose_name="source",
                    ),
                ),
                (
                    "preferred_channel",
                    models.CharField(
                        blank=True,
                        choices=[("email", "E-mail"), ("phone", "Phone"), ("post", "Post"), ("messenger", "Messenger"), ("none", "None")],
                        max_length=10,
                        verbose_name="preferred channel",
                    ),
                ),
                ("preferred_language", crm.fields.columns.LanguageField(blank=True, max_length=8, verbose_name="preferred language")),
                (
                    "topics",
                    models.CharField(blank=True, help_text="Separated by commas.", max_length=300, verbose_name="topics of interest"),
                ),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "external_id",
                    models.CharField(
                        blank=True, help_text="The record's key in another system.", max_length=100, verbose_name="external id"
                    ),
                ),
                ("last_activity_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="last activity")),
                (
                    "created_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "deleted_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="deleted by",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('crm.organization_id', true), '')::bigint", [], output_field=models.BigIntegerField()
                        ),
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="users.team",
                        verbose_name="team",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="changed by",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="contacts",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "abstract": False,
                "default_permissions": ("add", "change", "delete", "view"),
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("hue", models.CharField(default="grey", max_length=10, verbose_name="colour")),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('crm.organization_id', true), '')::bigint", [], output_field=models.BigIntegerField()
                        ),
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="CustomerTag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("customer", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.customer")),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('crm.organization_id', true), '')::bigint", [], output_field=models.BigIntegerField()
                        ),
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                        verbose_name="organization",
                    ),
                ),
                ("tag", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.tag")),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="customer",
            name="tags",
            field=models.ManyToManyField(
                blank=True, related_name="customers", through="customers.CustomerTag", to="customers.tag", verbose_name="tags"
            ),
        ),
        migrations.CreateModel(
            name="ContactTag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("contact", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.contact")),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('crm.organization_id', true), '')::bigint", [], output_field=models.BigIntegerField()
                        ),
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                        verbose_name="organization",
                    ),
                ),
                ("tag", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="customers.tag")),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="contact",
            name="tags",
            field=models.ManyToManyField(
                blank=True, related_name="contacts", through="customers.ContactTag", to="customers.tag", verbose_name="tags"
            ),
        ),
        migrations.CreateModel(
            name="ContactAccess",
            fields=[
                ("pk", models.CompositePrimaryKey("record_id", "principal", blank=True, editable=False, primary_key=True, serialize=False)),
                ("principal", models.IntegerField()),
                ("updated_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.organization"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="access", to="customers.contact"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        models.F("organization"),
                        models.F("principal"),
                        models.OrderBy(models.F("updated_at"), descending=True),
                        models.OrderBy(models.F("record"), descending=True),
                        name="contactaccess_page",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPersonShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "content_object",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="person_shares", to="customers.contact"),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('crm.organization_id', true), '')::bigint", [], output_field=models.BigIntegerField()
                        ),
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                        verbose_name="organization",
                    ),
                ),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
                (
                    "shared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="shared by",
                    ),
                ),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "unique_together": {("user", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("email", "E-mail"), ("phone", "Phone")], max_length=5, verbose_name="kind")),
                (
                    "label",
                    models.CharField(
                        choices=[("work", "Work"), ("home", "Home"), ("mobile", "Mobile"), ("fax", "Fax"), ("other", "Other")],
                        default="other",
                        max_length=10,
                        verbose_name="type",
                    ),
                ),
                ("value", models.CharField(max_length=254, verbose_name="address or number")),
                ("key", models.CharField(editable=False, max_length=254)),
                ("contact", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="points", to="customers.contact")),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('crm.organization_id', true), '')::bigint", [], output_field=models.BigIntegerField()
                        ),
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                        verbose_name="organization",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact point",
                "verbose_name_plural": "contact points",
                "indexes": [models.Index(fields=["organization", "kind", "key"], name="contact_point_by_key")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "contact", "kind", "key"),
                        name="contact_point_once",
                        violation_error_message="The contact has this one already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactTeamShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "content_object",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="team_shares", to="customers.contact"),
                ),
                ("group", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group")),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('crm.organization_id', true), '')::bigint", [], output_field=models.BigIntegerField()
                        ),
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                        verbose_name="organization",
                    ),
                ),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
                (
                    "shared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="shared by",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "unique_together": {("group", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="Affiliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(blank=True, max_length=100, verbose_name="role")),
                ("since", models.DateField(blank=True, null=True, verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('crm.organization_id', true), '')::bigint", [], output_field=models.BigIntegerField()
                        ),
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "contact",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="affiliations", to="customers.contact"),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="affiliations",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "role at a customer",
                "verbose_name_plural": "roles at customers",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "contact", "customer", "role"),
                        name="affiliation_once",
                        violation_error_message="The contact has this role at this customer already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("since", None), ("until__gte", models.F("since")), _connector="OR"),
                        name="affiliation_ends_after_it_began",
                        violation_error_message="“Until” is before “since”. Swap the dates or empty one.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerAccess",
            fields=[
                ("pk", models.CompositePrimaryKey("record_id", "principal", blank=True, editable=False, primary_key=True, serialize=False)),
                ("principal", models.IntegerField()),
                ("updated_at", models.DateTimeField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="tenancy.organization"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="access", to="customers.customer"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "indexes": [
                    models.Index(
                        models.F("organization"),
                        models.F("principal"),
                        models.OrderBy(models.F("updated_at"), descending=True),
                        models.OrderBy(models.F("record"), descending=True),
                        name="customeraccess_page",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerPersonShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "content_object",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="person_shares", to="customers.customer"),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('crm.organization_id', true), '')::bigint", [], output_field=models.BigIntegerField()
                        ),
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                        verbose_name="organization",
                    ),
                ),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
                (
                    "shared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="shared by",
                    ),
                ),
                ("user", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "unique_together": {("user", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="CustomerTeamShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "content_object",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="team_shares", to="customers.customer"),
                ),
                ("group", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.group")),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('crm.organization_id', true), '')::bigint", [], output_field=models.BigIntegerField()
                        ),
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                        verbose_name="organization",
                    ),
                ),
                ("permission", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="auth.permission")),
                (
                    "shared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="shared by",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "unique_together": {("group", "permission", "content_object")},
            },
        ),
        migrations.CreateModel(
            name="Relationship",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("partner", "Partner of"),
                            ("supplier", "Supplied by"),
                            ("reseller", "Reseller of"),
                            ("competitor", "Competitor of"),
                            ("adviser", "Advised by"),
                        ],
                        max_length=20,
                        verbose_name="relationship",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relationships",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        db_default=django.db.models.expressions.RawSQL(
                            "nullif(current_setting('crm.organization_id', true), '')::bigint", [], output_field=models.BigIntegerField()
                        ),
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.organization",
                        verbose_name="organization",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relationships_of_others",
                        to="customers.customer",
                        verbose_name="other customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "relationship",
                "verbose_name_plural": "relationships",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "customer", "kind", "other"),
                        name="relationship_once",
                        violation_error_message="These two customers are related in this way already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("customer", models.F("other")), _negated=True),
                        name="relationship_with_another",
                        violation_error_message="A customer cannot be related to itself. Choose another one.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="tag",
            constraint=models.UniqueConstraint(
                models.F("organization"), django.db.models.functions.text.Lower("name"), name="tag_name_unique"
            ),
        ),
        migrations.AddIndex(
            model_name="customertag",
            index=models.Index(fields=["tag", "customer"], name="customers_of_tag"),
        ),
        migrations.AddConstraint(
            model_name="customertag",
            constraint=models.UniqueConstraint(fields=("organization", "customer", "tag"), name="customer_tag_once"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("organization"),
                models.OrderBy(models.F("updated_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("deleted_at", None)),
                name="customer_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("organization"), models.F("owner"), condition=models.Q(("deleted_at", None)), name="customer_by_owner"
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("organization"),
                models.OrderBy(models.F("deleted_at"), descending=True),
                condition=models.Q(("deleted_at__isnull", False)),
                name="customer_bin",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("organization"),
                django.db.models.functions.text.Lower("name"),
                models.F("id"),
                condition=models.Q(("deleted_at", None)),
                name="customer_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("organization"),
                models.F("lifecycle"),
                models.OrderBy(models.F("updated_at"), descending=True),
                condition=models.Q(("deleted_at", None)),
                name="customer_by_lifecycle",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("organization"),
                models.F("billing_country"),
                models.OrderBy(models.F("updated_at"), descending=True),
                condition=models.Q(("deleted_at", None)),
                name="customer_by_country",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("organization"),
                models.F("industry"),
                models.OrderBy(models.F("updated_at"), descending=True),
                condition=models.Q(("deleted_at", None)),
                name="customer_by_industry",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("organization"),
                models.OrderBy(models.F("annual_revenue"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("deleted_at", None)),
                name="customer_by_revenue",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("organization"),
                models.OrderBy(models.F("last_activity_at"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("deleted_at", None)),
                name="customer_by_activity",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("organization"),
                models.OrderBy(models.F("created_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("deleted_at", None)),
                name="customer_by_created",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("organization"), models.F("domain"), condition=models.Q(("domain", ""), _negated=True), name="customer_by_domain"
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                models.F("organization"),
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="customer_by_email",
            ),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(models.F("parent"), condition=models.Q(("parent__isnull", False)), name="customer_by_parent"),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="customer_has_a_name",
                violation_error_message="Enter the customer's name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("annual_revenue", None), ("annual_revenue__gte", 0), _connector="OR"),
                name="customer_revenue_not_negative",
                violation_error_message="Annual revenue cannot be negative. Enter 0 or more.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", None), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"),
                name="customer_not_its_own_parent",
                violation_error_message="A customer cannot be its own parent. Choose another one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("organization", "external_id"),
                name="customer_external_id_unique",
                violation_error_message="Another customer already has this external id. Enter a different one, or open that customer.",
            ),
        ),
        migrations.AddIndex(
            model_name="contacttag",
            index=models.Index(fields=["tag", "contact"], name="contacts_of_tag"),
        ),
        migrations.AddConstraint(
            model_name="contacttag",
            constraint=models.UniqueConstraint(fields=("organization", "contact", "tag"), name="contact_tag_once"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("organization"),
                models.OrderBy(models.F("updated_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("deleted_at", None)),
                name="contact_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("organization"), models.F("owner"), condition=models.Q(("deleted_at", None)), name="contact_by_owner"
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("organization"),
                models.OrderBy(models.F("deleted_at"), descending=True),
                condition=models.Q(("deleted_at__isnull", False)),
                name="contact_bin",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("organization"),
                django.db.models.functions.text.Lower("name"),
                models.F("id"),
                condition=models.Q(("deleted_at", None)),
                name="contact_by_name",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("organization"),
                models.OrderBy(models.F("last_activity_at"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("deleted_at", None)),
                name="contact_by_activity",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("organization"),
                models.OrderBy(models.F("created_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("deleted_at", None)),
                name="contact_by_created",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(models.F("customer"), condition=models.Q(("customer__isnull", False)), name="contact_of_customer"),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("organization"),
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="contact_by_email",
            ),
        ),
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("organization"), models.F("phone"), condition=models.Q(("phone", ""), _negated=True), name="contact_by_phone"
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="contact_has_a_name",
                violation_error_message="Enter a first or a last name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("birthday", None), ("birthday__gte", "1880-01-01"), _connector="OR"),
                name="contact_birthday_plausible",
                violation_error_message="The birthday is before 1880. Check the year.",
            ),
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("organization", "external_id"),
                name="contact_external_id_unique",
                violation_error_message="Another contact already has this external id. Enter a different one, or open that contact.",
            ),
        ),
    ]
