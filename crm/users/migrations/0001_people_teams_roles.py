import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("tenancy", "0001_organization"),
    ]

    operations = [
        migrations.CreateModel(
            name="Role",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("key", models.SlugField(help_text="Names the ready roles; never changes.", max_length=60, verbose_name="key")),
                ("description", models.CharField(blank=True, max_length=300, verbose_name="description")),
                ("is_administrator", models.BooleanField(default=False, verbose_name="administers the organization")),
                ("requires_second_factor", models.BooleanField(default=False, verbose_name="requires a second factor")),
                ("reaches", models.JSONField(blank=True, default=dict)),
                ("levels", models.JSONField(blank=True, default=dict)),
                ("updated_at", models.DateTimeField(auto_now=True)),
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
                "verbose_name": "role",
                "verbose_name_plural": "roles",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "group",
                    models.OneToOneField(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="auth.group"),
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
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="users.team",
                        verbose_name="part of",
                    ),
                ),
            ],
            options={
                "verbose_name": "team",
                "verbose_name_plural": "teams",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("is_active", models.BooleanField(default=True, verbose_name="may sign in")),
                ("is_staff", models.BooleanField(default=False, verbose_name="may open the workshop")),
                ("time_zone", models.CharField(blank=True, max_length=64, verbose_name="time zone")),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                (
                    "theme",
                    models.CharField(
                        choices=[("system", "Like the device"), ("light", "Light"), ("dark", "Dark")],
                        default="system",
                        max_length=6,
                        verbose_name="theme",
                    ),
                ),
                ("shortcuts_enabled", models.BooleanField(default=True, verbose_name="single-key shortcuts")),
                ("date_joined", models.DateTimeField(auto_now_add=True)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "organization",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="users", to="tenancy.organization"
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "role",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="users",
                        to="users.role",
                        verbose_name="role",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="users",
                        to="users.team",
                        verbose_name="team",
                    ),
                ),
            ],
            options={"verbose_name": "person", "verbose_name_plural": "people"},
        ),
        migrations.AddConstraint(
            model_name="role",
            constraint=models.UniqueConstraint(fields=("organization", "key"), name="role_key_unique"),
        ),
        migrations.AddConstraint(
            model_name="role",
            constraint=models.UniqueConstraint(fields=("organization", "name"), name="role_name_unique"),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(fields=("organization", "name"), name="team_name_unique"),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent__isnull", True), models.Q(("parent", models.F("id")), _negated=True), _connector="OR"),
                name="team_not_its_own_parent",
            ),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["organization", "name"], name="user_by_name"),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["team"], name="user_by_team"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower("email"), name="user_email_unique"),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("organization__isnull", True), ("role__isnull", False), _connector="OR"),
                name="user_of_an_organization_has_a_role",
            ),
        ),
    ]
