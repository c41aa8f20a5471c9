using GitOpsSecrets.LocalCluster.Auth;

namespace GitOpsSecrets.LocalCluster.Http;

/// <summary><c>kubectl --as</c>: acting as another user, for those who may.</summary>
internal static class Impersonation
{
    private const string ServiceAccount = "system:serviceaccount:";

    /// <exception cref="ApiException">403: not allowed to impersonate.</exception>
    public static UserInfo Apply(HttpContext context, UserInfo user, RbacAuthorizer authorizer)
    {
        var name = context.Request.Headers["Impersonate-User"].ToString();
        if (name.Length == 0) return user;
        var question = new AccessQuestion("impersonate", Resource: "users", Name: name);
        if (!authorizer.Allows(user, question)) throw new ApiException(403, "Forbidden", $"users \"{name}\" is forbidden: {question.Refusal(user)}") { Kind = "users", Name = name };
        var groups = context.Request.Headers["Impersonate-Group"].Select(group => group ?? "").ToList();
        var parts = name.Split(':');
        if (name.StartsWith(ServiceAccount, StringComparison.Ordinal) && parts.Length == 4) return UserInfo.ServiceAccount(parts[2], parts[3], "");
        return new UserInfo(name, [.. groups, UserInfo.Authenticated]);
    }
}
