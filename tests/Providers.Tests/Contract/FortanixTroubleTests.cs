using GitOpsSecrets.Providers.Tests.Declared;

namespace GitOpsSecrets.Providers.Tests.Contract;

public sealed class FortanixTroubleTests() : RecordedTroubleTests("fortanix");
