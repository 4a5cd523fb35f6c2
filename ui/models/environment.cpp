// SPDX-License-Identifier: Apache-2.0
#include "ui/models/environment.h"

#include <QObject>
#include <QRegularExpression>

namespace jetlag::ui {

namespace {

Environment make(Environment::Kind kind)
{
    switch (kind) {
    case Environment::Kind::Production:
        return {kind, QObject::tr("production")};
    case Environment::Kind::Staging:
        return {kind, QObject::tr("staging")};
    case Environment::Kind::Lab:
        return {kind, QObject::tr("lab")};
    case Environment::Kind::Local:
        return {kind, QObject::tr("local")};
    case Environment::Kind::Unknown:
        break;
    }
    return {};
}

/// A part of a name between separators: "prod-eu" and "eu.prod" are production, "products" is not.
bool hasPart(const QString& name, const QString& pattern)
{
    const QRegularExpression part(QStringLiteral("(^|[^a-z])(%1)([^a-z]|$)").arg(pattern),
                                  QRegularExpression::CaseInsensitiveOption);
    return part.match(name).hasMatch();
}

} // namespace

Environment environmentOf(const QString& name, const QString& colorScheme, const QString& url)
{
    if (colorScheme == QLatin1String("red"))
        return make(Environment::Kind::Production);
    if (colorScheme == QLatin1String("yellow") || colorScheme == QLatin1String("magenta"))
        return make(Environment::Kind::Staging);
    if (colorScheme == QLatin1String("green") || colorScheme == QLatin1String("blue") ||
        colorScheme == QLatin1String("cyan"))
        return make(Environment::Kind::Lab);
    if (hasPart(name, QStringLiteral("prod|production|live|prd")))
        return make(Environment::Kind::Production);
    if (hasPart(name, QStringLiteral("stag|stage|staging|preprod|uat")))
        return make(Environment::Kind::Staging);
    if (hasPart(name, QStringLiteral("lab|dev|test|qa|bench")))
        return make(Environment::Kind::Lab);
    if (hasPart(name, QStringLiteral("local|demo")) || url.contains(QLatin1String("127.0.0.1")) ||
        url.contains(QLatin1String("localhost")))
        return make(Environment::Kind::Local);
    return {};
}

QColor stripeColor(Environment::Kind kind, const Palette& colors)
{
    switch (kind) {
    case Environment::Kind::Production:
        return colors.bad;
    case Environment::Kind::Staging:
        return colors.paused;
    case Environment::Kind::Lab:
        return colors.accent;
    case Environment::Kind::Local:
        return colors.secondary;
    case Environment::Kind::Unknown:
        break;
    }
    return colors.line;
}

} // namespace jetlag::ui
