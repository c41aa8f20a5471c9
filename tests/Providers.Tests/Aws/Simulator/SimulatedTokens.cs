using System.Globalization;

namespace GitOpsSecrets.Providers.Tests.Aws.Simulator;

/// <summary>The Security Token Service: every set of credentials is a new one and lives for an hour.</summary>
internal sealed class SimulatedTokens(AwsSimulator aws, TimeProvider time)
{
    private int given;

    public string Answer(AwsSeen seen)
    {
        switch (seen.Operation)
        {
            case "AssumeRole":
                Assume((string)seen.Body["RoleArn"]!, (string?)seen.Body["ExternalId"]);
                break;
            case "AssumeRoleWithWebIdentity":
                if (((string)seen.Body["WebIdentityToken"]!).Length < 16) throw new AwsSimulatedException("InvalidIdentityToken");
                Assume((string)seen.Body["RoleArn"]!, null);
                break;
            case "GetSessionToken":
                break;
            default:
                throw new AwsSimulatedException("InvalidAction");
        }
        var number = Interlocked.Increment(ref given);
        var (id, secret, token) = ($"ASIA{number}", $"secret-{number}", $"session-token-{number}");
        aws.AddKey(id, secret, token);
        var end = (time.GetUtcNow() + TimeSpan.FromHours(1)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return $"<{seen.Operation}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{seen.Operation}Result><Credentials><AccessKeyId>{id}</AccessKeyId>"
            + $"<SecretAccessKey>{secret}</SecretAccessKey><SessionToken>{token}</SessionToken><Expiration>{end}</Expiration></Credentials></{seen.Operation}Result></{seen.Operation}Response>";
    }

    private void Assume(string role, string? externalId)
    {
        if (!aws.Roles.TryGetValue(role, out var wanted) || wanted != externalId) throw new AwsSimulatedException("AccessDenied", "not authorized to perform: sts:AssumeRole", 403);
    }
}
